package story;

import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import probity.Probity;

/** Plays the story of test/clients/story.ts. */
public final class Story {
    public static class ApiException extends RuntimeException {
        private final int status;

        ApiException(int status) {
            super("card number 4242");
            this.status = status;
        }

        public int getStatusCode() {
            return status;
        }
    }

    public enum Code { NOT_FOUND }

    public static class GrpcException extends RuntimeException {
        public record Status(Code code) {
            public Code getCode() {
                return code;
            }
        }

        public Status getStatus() {
            return new Status(Code.NOT_FOUND);
        }
    }

    private static void fail(Probity probity, String name, Exception error) {
        try {
            probity.call(name, () -> { throw error; });
            throw new AssertionError("nothing was thrown");
        } catch (Exception thrown) {
            check(thrown == error);
        }
    }

    public static void main(String[] args) throws Exception {
        Probity probity = new Probity();
        for (long pause : new long[] {0, 0, 150}) {
            check(probity.call("returns", () -> { Thread.sleep(pause); return 5; }) == 5);
        }
        fail(probity, "answer", new ApiException(402));
        fail(probity, "answer", new GrpcException());
        CompletableFuture<Integer> declined = probity.callAsync("answer",
            () -> CompletableFuture.supplyAsync(() -> { throw new ApiException(404); }));
        check(declined.handle((value, error) -> error != null).get());
        for (int status : new int[] {429, 503}) fail(probity, "fault", new ApiException(status));
        fail(probity, "throws", new IllegalStateException("no"));
        fail(probity, "throws", new SocketTimeoutException("read"));
        try {
            probity.call("throws", () -> { throw new StackOverflowError(); });
        } catch (StackOverflowError passed) {
            // As without it.
        }
        fail(probity, "odd", new IllegalStateException("no") { });
        Probity failing = new Probity("java", "", "127.0.0.1:9");
        fail(failing, "dropped", new java.util.concurrent.CompletionException("no", null) {
            @Override
            public synchronized Throwable getCause() {
                throw new IllegalStateException("never ask me");
            }
        });
        check(failing.callAsync("nowhere", () -> (CompletableFuture<Integer>) null) == null);
        failing.observe("GET", null, 1, 200, null);
        failing.close();
        check(failing.dropped() == 1);
        fail(probity, "aborts", new CancellationException());
        probity.call("text\t\n2\t\t\t1\t\ttext\u2028ü\ud800", () -> 1);
        probity.observe("GET", "https://me:secret@api.example/v1/charges?key=secret#x", 1_000_000, 200, null);
        probity.observe("GET", args[0], 1_000_000, 503, null);
        probity.observe("GET", args[1], 1_000_000, 0, new java.net.ConnectException());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Thread thread = new Thread(() -> {
                for (int call = 0; call < 20; call++) {
                    try {
                        probity.call("parallel", () -> { Thread.sleep(1); return null; });
                    } catch (Exception impossible) {
                        throw new AssertionError(impossible);
                    }
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) thread.join();
        for (String address : new String[] {"127.0.0.1:9", "127.0.0.1:0", "::::", "collector.invalid:1", "127.0.0.1:99999"}) {
            try (Probity other = new Probity("shop", "1", address)) {
                check(other.call("nowhere", () -> 5) == 5);
            }
        }
        // What waits leaves when the virtual machine ends.
        check(probity.dropped() == 0);
    }

    private static void check(boolean ok) {
        if (!ok) throw new AssertionError("what a wrapped function does has changed");
    }
}
