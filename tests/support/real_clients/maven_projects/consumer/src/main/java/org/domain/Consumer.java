package org.domain;

public final class Consumer {
    public static String said() {
        return Library.said();
    }
}
