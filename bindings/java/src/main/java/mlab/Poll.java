package mlab;

import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import mlab.internal.Library;

/**
 * One blocking poll on the thread that wants it, which an interrupt ends. A channel is the one thing that a runtime tells
 * of the interrupt of a thread inside C.
 */
final class Poll extends AbstractInterruptibleChannel {
    private final Cancel cancel = new Cancel();

    @Override
    protected void implCloseChannel() {
        cancel.trigger();
    }

    Result make(Handle handle, Lent id) throws InterruptedException {
        try (Cancel freed = cancel) {
            boolean isEnded = false;
            begin();
            try {
                Result result = make(handle, id, freed);
                isEnded = true;
                return result;
            } finally {
                end(isEnded);
            }
        } catch (AsynchronousCloseException e) {
            Thread.interrupted();
            throw new InterruptedException();
        }
    }

    /** The same without an eye on interrupts. */
    static Result make(Handle handle, Lent id, Cancel cancel) {
        try (Lent out = Lent.out()) {
            long client = handle.enter();
            try {
                Library.RAW.mlab_client_fetch(client, id.address, cancel.address(), out.address);
                return Result.take(out.pointer());
            } finally {
                handle.leave();
            }
        }
    }
}
