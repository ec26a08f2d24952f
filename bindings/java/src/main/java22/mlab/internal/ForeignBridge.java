package mlab.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Calls the library by the foreign-function API. */
final class ForeignBridge implements Bridge {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle MALLOC = system("malloc", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle FREE = system("free", FunctionDescriptor.ofVoid(JAVA_LONG));
    /** All of the address space: C says where things end. */
    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    /** For {@link ForeignRaw}, whose handles are made once it is there. */
    private static SymbolLookup library;

    private final Raw raw = new ForeignRaw();
    private long logFunction;

    private ForeignBridge() {}

    /** Gives null where the platform is none for it. */
    static Bridge open(String name) {
        if (ADDRESS.byteSize() != Long.BYTES) {
            return null;
        }
        try {
            library = SymbolLookup.libraryLookup(name, Arena.global());
        } catch (IllegalArgumentException e) {
            throw Library.failure(e.getMessage(), e);
        }
        return new ForeignBridge();
    }

    static MemorySegment find(String name) {
        return library.find(name).orElseThrow(() -> Library.failure("it is older than this package: no " + name, null));
    }

    private static MethodHandle system(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(LINKER.defaultLookup().find(name).orElseThrow(), descriptor);
    }

    @Override
    public Raw raw() {
        return raw;
    }

    @Override
    public int pointerSize() {
        return Long.BYTES;
    }

    @Override
    public long allocate(long bytes) {
        long address;
        try {
            address = (long) MALLOC.invokeExact(bytes);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        if (address == 0) {
            throw new OutOfMemoryError("malloc of " + bytes + " bytes");
        }
        return address;
    }

    @Override
    public void free(long address) {
        try {
            FREE.invokeExact(address);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void write(long address, byte[] bytes) {
        MemorySegment.copy(bytes, 0, MEMORY, JAVA_BYTE, address, bytes.length);
    }

    @Override
    public long readPointer(long address) {
        return MEMORY.get(JAVA_LONG, address);
    }

    @Override
    public byte[] bytes(long address, int count) {
        byte[] bytes = new byte[count];
        MemorySegment.copy(MEMORY, JAVA_BYTE, address, bytes, 0, count);
        return bytes;
    }

    @Override
    public String text(long address) {
        return address == 0 ? null : MEMORY.getString(address);
    }

    @Override
    public synchronized long logFunction() {
        if (logFunction == 0) {
            FunctionDescriptor descriptor = FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
            try {
                MethodHandle hand = MethodHandles.lookup().bind(this, "hand",
                        MethodType.methodType(void.class, long.class, int.class, long.class, long.class));
                logFunction = LINKER.upcallStub(hand, descriptor, Arena.global()).address();
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        }
        return logFunction;
    }

    private void hand(long user, int level, long area, long text) {
        try {
            LogReceivers.hand(user, level, text(area), text(text));
        } catch (Throwable e) {
            // Out of an upcall it would end the process.
        }
    }
}
