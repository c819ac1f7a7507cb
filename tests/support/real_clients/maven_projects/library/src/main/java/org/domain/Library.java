package org.domain;

public final class Library {
    public static String said() {
        return "from the store";
    }
}
