package mlab;

import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Optional;
import mlab.internal.Bridge;
import mlab.internal.Library;
import mlab.internal.Raw;

/** A downloaded image: its bytes, or its file. */
public final class Image {
    private final byte[] bytes;
    private final Path path;
    private final String type;
    private final int width;
    private final int height;

    /** Copies the image of a result that C lends; `size` is room for a size_t. */
    Image(long result, int index, Lent size) {
        Raw raw = Library.RAW;
        Bridge bridge = Library.BRIDGE;
        long data = raw.mlab_result_image(result, index, size.address);
        bytes = data == 0 ? null : bridge.bytes(data, Math.toIntExact(size.pointer()));
        String file = bridge.text(raw.mlab_result_image_path(result, index));
        path = file == null ? null : Paths.get(file);
        type = bridge.text(raw.mlab_result_image_type(result, index));
        width = raw.mlab_result_image_width(result, index);
        height = raw.mlab_result_image_height(result, index);
    }

    /** The bytes, if it was downloaded into memory: these themselves and no copy. */
    public Optional<byte[]> bytes() {
        return Optional.ofNullable(bytes);
    }

    /** The file, if it was downloaded into one. */
    public Optional<Path> path() {
        return Optional.ofNullable(path);
    }

    /** image/png and its like; empty if the image is missing. */
    public Optional<String> type() {
        return Optional.ofNullable(type);
    }

    /** Pixels; 0 where the image does not say. */
    public int width() {
        return width;
    }

    /** Pixels; 0 where the image does not say. */
    public int height() {
        return height;
    }

    @Override
    public String toString() {
        return type + " " + width + "x" + height + " " + (path == null ? "in memory" : path);
    }
}
