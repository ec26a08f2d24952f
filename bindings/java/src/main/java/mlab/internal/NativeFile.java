package mlab.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/**
 * Where the library is: the file that the system property mlab.library names, else the one in the jar, else whatever the
 * system has by the name of our ABI.
 */
final class NativeFile implements AutoCloseable {
    private static final String OS = System.getProperty("os.name").toLowerCase(Locale.ROOT);

    /** What the system's loader is given: a path or a name. */
    final String name;

    /** A copy of ours; null where the file is another's. */
    private final Path copy;

    private NativeFile(String name, Path copy) {
        this.name = name;
        this.copy = copy;
    }

    static NativeFile find() throws IOException {
        String named = System.getProperty("mlab.library");
        if (named != null) {
            return new NativeFile(Paths.get(named).toAbsolutePath().toString(), null);
        }
        String plain = System.mapLibraryName("mlab");
        try (InputStream packed = NativeFile.class.getResourceAsStream("/" + platform() + "/" + plain)) {
            if (packed == null) {
                return new NativeFile(nameWithAbi(), null);
            }
            Path copy = Files.createTempFile("mlab-", plain.substring(plain.lastIndexOf('.')));
            Files.copy(packed, copy, StandardCopyOption.REPLACE_EXISTING);
            return new NativeFile(copy.toString(), copy);
        }
    }

    /** Removes the copy, which the process needs no more once it is loaded. Windows refuses until the process has ended. */
    @Override
    public void close() throws IOException {
        if (copy == null) {
            return;
        }
        if (OS.startsWith("windows")) {
            copy.toFile().deleteOnExit();
        } else {
            Files.deleteIfExists(copy);
        }
    }

    /** The folder in the jar, named as JNA names platforms. */
    static String platform() {
        String architecture = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        switch (architecture) {
            case "amd64":
            case "x86_64":
                architecture = "x86-64";
                break;
            case "i386":
            case "i486":
            case "i586":
            case "i686":
                architecture = "x86";
                break;
            default:
        }
        String system = OS.startsWith("windows") ? "win32" : OS.startsWith("mac") ? "darwin" : OS;
        return system + "-" + architecture;
    }

    private static String nameWithAbi() {
        if (OS.startsWith("windows")) {
            return "mlab.dll";
        }
        return OS.startsWith("mac") ? "libmlab.dylib" : "libmlab.so." + Raw.MLAB_ABI_VERSION;
    }
}
