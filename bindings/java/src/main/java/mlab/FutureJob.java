package mlab;

import java.util.concurrent.CompletableFuture;

/** A job whose end is that of a future. */
final class FutureJob extends Job {
    final CompletableFuture<Result> future = new CompletableFuture<>();
    private final WaitOptions options;
    private boolean isTold = true;

    FutureJob(Jobs jobs, String id, WaitOptions options) {
        super(jobs, id);
        this.options = options;
        // Whoever completes it first, by cancel(), orTimeout() or anything else, ends the job: by then it is complete, and
        // what the job still tells comes too late.
        future.whenComplete((value, error) -> cancel());
    }

    @Override
    void deliver(Event event) {
        if (event.isDone()) {
            end();
            // What hangs on the future may block, and runs elsewhere: other jobs wait for this thread.
            Helpers.runSurely(() -> complete(event.result().get()));
        } else if (isTold && !future.isDone()) {
            try {
                options.tell(event);
            } catch (Throwable thrown) {
                isTold = false;
                Helpers.runSurely(() -> future.completeExceptionally(thrown));
            }
        }
    }

    @Override
    void fail(Throwable why) {
        end();
        Helpers.runSurely(() -> future.completeExceptionally(why));
    }

    private void complete(Result result) {
        try {
            future.complete(result.orThrow());
        } catch (Throwable why) {
            future.completeExceptionally(why);
        }
    }
}
