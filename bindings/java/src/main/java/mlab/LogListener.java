package mlab;

/** Takes what the library says of what it does. */
@FunctionalInterface
public interface LogListener {
    /**
     * Takes one entry. It runs inside a call of this package, on that call's thread, of which there may be several at
     * once, and must not block. What it throws goes to the thread's handler of uncaught exceptions, and ends nothing.
     *
     * @param area a short word, such as "poll"
     * @param text one line, without your key
     */
    void log(LogLevel level, String area, String text);
}
