package mlab.internal;

import java.io.IOException;

/**
 * The loaded library. Where the runtime has the foreign-function API (Java 22 and later, 64 bits), that calls it, else JNA
 * does; the system property mlab.bridge, "foreign" or "jna", decides otherwise.
 */
public final class Library {
    public static final Bridge BRIDGE = load();
    public static final Raw RAW = BRIDGE.raw();

    private Library() {}

    private static Bridge load() {
        try (NativeFile file = NativeFile.find()) {
            Bridge bridge = open(file.name, System.getProperty("mlab.bridge", ""));
            int abi = bridge.raw().mlab_abi_version();
            if (abi != Raw.MLAB_ABI_VERSION) {
                throw failure("it has the ABI " + abi + ", and this package needs " + Raw.MLAB_ABI_VERSION, null);
            }
            return bridge;
        } catch (IOException e) {
            throw failure(e.toString(), e);
        }
    }

    private static Bridge open(String name, String wanted) {
        if (!wanted.isEmpty() && !wanted.equals("jna") && !wanted.equals("foreign")) {
            throw failure("mlab.bridge is neither jna nor foreign, but " + wanted, null);
        }
        if (!wanted.equals("jna")) {
            Bridge foreign = Foreign.open(name);
            if (foreign != null) {
                return foreign;
            }
            if (wanted.equals("foreign")) {
                throw failure("this runtime lacks the foreign-function API of Java 22", null);
            }
        }
        try {
            return new JnaBridge(name);
        } catch (NoClassDefFoundError e) {
            throw failure("before Java 22 it needs JNA: put net.java.dev.jna:jna on the class path", e);
        }
    }

    static UnsatisfiedLinkError failure(String why, Throwable cause) {
        UnsatisfiedLinkError error = new UnsatisfiedLinkError("libmlab cannot be used: " + why);
        error.initCause(cause);
        return error;
    }
}
