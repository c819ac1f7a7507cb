package org.domain;

public final class Consumer {
    public static String greeting() {
        return Library.greeting();
    }
}
