package mlab.internal;

/** One of the two ways to call the library and to reach the memory that it shares. Addresses are longs; 0 is NULL. */
public interface Bridge {
    /** The functions of mlab.h. */
    Raw raw();

    /** Bytes of an address, and of size_t. */
    int pointerSize();

    /** Memory that stays until it is freed. */
    long allocate(long bytes);

    void free(long address);

    void write(long address, byte[] bytes);

    long readPointer(long address);

    /** Copies bytes, which may hold NULs. */
    byte[] bytes(long address, int count);

    /** Copies UTF-8 that ends at a NUL; null for NULL. */
    String text(long address);

    /**
     * The address of an mlab_log_fn that hands entries on to {@link LogReceivers}. There is one in the process, which is
     * never freed: so no client can call one that is gone.
     */
    long logFunction();
}
