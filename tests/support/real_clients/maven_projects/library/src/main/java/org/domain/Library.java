package org.domain;

public final class Library {
    public static String greeting() {
        return "from the store";
    }
}
