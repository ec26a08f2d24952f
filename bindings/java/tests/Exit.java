import mlab.ArgumentException;
import mlab.Client;

/** A process that ends while jobs are open. */
public final class Exit {
    private Exit() {}

    public static void main(String[] how) throws InterruptedException {
        String said = Checks.thrown(ArgumentException.class, Client::new).getMessage();
        Checks.that(said.contains("MODELSLAB_API_KEY"), said);
        Client client = Checks.make();
        for (int i = 0; i < 200; i++) {
            client.waitAsync("never-" + i);
        }
        client.fetchAsync("slow-30-1");
        Thread blocking = new Thread(() -> Checks.thrown(Throwable.class, () -> client.fetch("slow-30-2")));
        blocking.setDaemon(true);
        blocking.start();
        Thread.sleep(100); // Nothing tells that the thread is inside.
        System.out.println("leaving");
        if (how[0].equals("exit")) {
            System.exit(7);
        }
        // Else it ends for want of threads that keep it.
    }
}
