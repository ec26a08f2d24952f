package mlab.internal;

/** Where Java 22 and later have the foreign-function API. */
final class Foreign {
    private Foreign() {}

    /** Gives null where the platform is none for it. */
    static Bridge open(String name) {
        return ForeignBridge.open(name);
    }
}
