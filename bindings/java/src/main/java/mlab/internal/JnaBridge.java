package mlab.internal;

import com.sun.jna.Callback;
import com.sun.jna.CallbackReference;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/** Calls the library by JNA. */
final class JnaBridge implements Bridge {
    /** mlab_log_fn. */
    public interface LogFunction extends Callback {
        void invoke(Pointer user, int level, Pointer area, Pointer text);
    }

    // JNA frees the function of a callback that nobody holds.
    private static final LogFunction LOG = (user, level, area, text) -> LogReceivers.hand(
            Pointer.nativeValue(user), level, area.getString(0, "UTF-8"), text.getString(0, "UTF-8"));

    private final Raw raw;

    JnaBridge(String name) {
        raw = new JnaRaw(NativeLibrary.getInstance(name));
    }

    @Override
    public Raw raw() {
        return raw;
    }

    @Override
    public int pointerSize() {
        return Native.POINTER_SIZE;
    }

    @Override
    public long allocate(long bytes) {
        long address = Native.malloc(bytes);
        if (address == 0) {
            throw new OutOfMemoryError("malloc of " + bytes + " bytes");
        }
        return address;
    }

    @Override
    public void free(long address) {
        Native.free(address);
    }

    @Override
    public void write(long address, byte[] bytes) {
        new Pointer(address).write(0, bytes, 0, bytes.length);
    }

    @Override
    public long readPointer(long address) {
        return Pointer.nativeValue(new Pointer(address).getPointer(0));
    }

    @Override
    public byte[] bytes(long address, int count) {
        return new Pointer(address).getByteArray(0, count);
    }

    @Override
    public String text(long address) {
        return address == 0 ? null : new Pointer(address).getString(0, "UTF-8");
    }

    @Override
    public long logFunction() {
        return Pointer.nativeValue(CallbackReference.getFunctionPointer(LOG));
    }
}
