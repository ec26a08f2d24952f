package mlab;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import mlab.internal.Bridge;
import mlab.internal.Library;

/** Memory that C reads or fills during a call. */
final class Lent implements AutoCloseable {
    private static final Bridge BRIDGE = Library.BRIDGE;

    /** As wide as any out parameter. */
    private static final int WORD = 8;

    final long address;

    private Lent(long size) {
        address = BRIDGE.allocate(size);
    }

    /** A string as UTF-8 with a NUL behind it. One with a NUL inside is refused: C would see a shorter one. */
    static Lent text(String name, String value) {
        if (value == null) {
            throw MlabException.refuse(name, "it is null");
        }
        if (value.indexOf('\0') >= 0) {
            throw MlabException.refuse(name, "it holds a NUL");
        }
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
            byte[] bytes = new byte[encoded.remaining() + 1];
            encoded.get(bytes, 0, bytes.length - 1);
            return of(bytes);
        } catch (CharacterCodingException e) {
            throw MlabException.refuse(name, "it cannot be written in UTF-8");
        }
    }

    static Lent bytes(byte[] bytes) {
        return of(bytes.length == 0 ? Arrays.copyOf(bytes, 1) : bytes);
    }

    private static Lent of(byte[] bytes) {
        Lent lent = new Lent(bytes.length);
        BRIDGE.write(lent.address, bytes);
        return lent;
    }

    /** Room for an out parameter. */
    static Lent out() {
        return new Lent(WORD);
    }

    /** What an out parameter received: a pointer, or a size_t. */
    long pointer() {
        return BRIDGE.readPointer(address);
    }

    /** What an out parameter received: a uint64_t. */
    long number() {
        return ByteBuffer.wrap(BRIDGE.bytes(address, WORD)).order(ByteOrder.nativeOrder()).getLong();
    }

    @Override
    public void close() {
        BRIDGE.free(address);
    }
}
