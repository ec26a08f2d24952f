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
        try (Cancel freed = cancel; Lent out = Lent.out()) {
            boolean isEnded = false;
            begin();
            try {
                long client = handle.enter();
                try {
                    Library.RAW.mlab_client_fetch(client, id.address, freed.address(), out.address);
                } finally {
                    handle.leave();
                }
                Result result = Result.take(out.pointer());
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
}
