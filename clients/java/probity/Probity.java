package probity;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reports to Probity how long the API calls of a program take, and how they end, over UDP, in batches, from a daemon thread. No call
 * waits for it, and it throws nothing of its own. One is enough for a program, and any thread may use it.
 */
public final class Probity implements AutoCloseable {
    /** Below the MTU of every network, so that no datagram is divided. */
    private static final int MAX_DATAGRAM = 1024;
    private static final int MAX_WAITING = 4096;
    private static final long MAX_WAIT_MS = 50;
    /** How long the end of the program may wait: for a busy machine, or for a name server. */
    private static final long MAX_CLOSING_MS = 5000;
    /** The collector knows this as the name of a call that the program itself gave up: its outcome is unknown. */
    private static final String ABORTED = "AbortError";
    /** Where libraries keep the status of an answer: Stripe, AWS, Spring, JAX-RS and gRPC. */
    private static final String[][] PLACES = {
        {"getStatusCode"}, {"statusCode"}, {"getHttpStatus"}, {"getStatusCode", "value"}, {"getRawStatusCode"},
        {"getResponse", "getStatus"}, {"getStatus", "getCode", "name"}
    };
    private static final List<String> GRPC = List.of(
        "OK 200", "CANCELLED 499", "UNKNOWN 500", "INVALID_ARGUMENT 400", "DEADLINE_EXCEEDED 504", "NOT_FOUND 404",
        "ALREADY_EXISTS 409", "PERMISSION_DENIED 403", "RESOURCE_EXHAUSTED 429", "FAILED_PRECONDITION 400", "ABORTED 409",
        "OUT_OF_RANGE 400", "UNIMPLEMENTED 501", "INTERNAL 500", "UNAVAILABLE 503", "DATA_LOSS 500", "UNAUTHENTICATED 401");
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cntrl}\\x80-\\x9f\\u2028\\u2029]");
    private static final Pattern URL = Pattern.compile("((?:[a-zA-Z][a-zA-Z0-9+.-]*:)?//)?([^/?#\\\\]*)([^?#]*).*", Pattern.DOTALL);
    private static final Pattern ADDRESS = Pattern.compile("(?:\\[([0-9a-fA-F:.]+)\\]|([^\\s:\\[\\]/@]+))(?::(\\d{1,5}))?");

    private final BlockingQueue<Supplier<String>> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final AtomicLong dropped = new AtomicLong();
    private final String caller;
    private final String version;
    private final Thread sender;
    private volatile boolean closing;

    /** A monitor with the settings of PROBITY_CALLER, PROBITY_VERSION and PROBITY_CALLS_ADDRESS. */
    public Probity() {
        this(env("PROBITY_CALLER", ""), env("PROBITY_VERSION", ""), env("PROBITY_CALLS_ADDRESS", "127.0.0.1:51712"));
    }

    /**
     * @param caller the service that makes the calls
     * @param version its release
     * @param address host:port of Probity; if it is not valid, nothing is reported
     */
    public Probity(String caller, String version, String address) {
        this.caller = caller;
        this.version = version;
        sender = new Thread(() -> run(address), "probity");
        sender.setDaemon(true);
        sender.start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "probity-end"));
    }

    /** Calls a function, reports the call under a name, and returns or throws what the function does. */
    public <T> T call(String name, Callable<T> function) throws Exception {
        long started = System.nanoTime();
        try {
            T result = function.call();
            ended(name, started, null);
            return result;
        } catch (Throwable error) {
            ended(name, started, error);
            throw error;
        }
    }

    /** The same for a function that returns at once: the call lasts until the value is there. */
    public <T, S extends CompletionStage<T>> S callAsync(String name, Supplier<S> function) {
        long started = System.nanoTime();
        try {
            S stage = function.get();
            if (stage == null) ended(name, started, null);
            else stage.whenComplete((value, error) -> ended(name, started, error));
            return stage;
        } catch (Throwable error) {
            ended(name, started, error);
            throw error;
        }
    }

    /** Reports an HTTP request. Status 0 means that no response came; the error, if any, says why. */
    public void observe(String method, String url, long nanos, int status, Throwable error) {
        add(() -> line(method, withoutSecrets(url), nanos, Integer.toString(status), "", error == null ? "" : nameOf(cause(error))));
    }

    /** How many calls were not sent, because too many waited or the system did not take them. */
    public long dropped() {
        return dropped.get();
    }

    /** Sends what waits. This happens by itself when the virtual machine ends, but not when it is killed. */
    @Override
    public void close() {
        closing = true;
        sender.interrupt();
        try {
            sender.join(MAX_CLOSING_MS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void ended(String name, long started, Throwable thrown) {
        long nanos = System.nanoTime() - started;
        add(() -> {
            Throwable error = cause(thrown);
            Integer status = error == null ? null : statusOf(error);
            return line("", "", nanos, status == null ? "" : status.toString(), name, error == null ? "" : nameOf(error));
        });
    }

    private void add(Supplier<String> line) {
        if (closing || !waiting.offer(line)) dropped.incrementAndGet();
    }

    private void run(String address) {
        Matcher to = ADDRESS.matcher(address);
        // Not connected: a connected socket loses a datagram after each time that nobody listened.
        try (DatagramSocket socket = new DatagramSocket()) {
            List<Supplier<String>> calls = new ArrayList<>();
            while (!closing || !waiting.isEmpty()) {
                try {
                    Supplier<String> first = closing ? waiting.poll() : waiting.take();
                    if (first != null) calls.add(first);
                    if (!closing) TimeUnit.MILLISECONDS.sleep(MAX_WAIT_MS);
                } catch (InterruptedException closed) {
                    // What waits is sent now.
                }
                waiting.drainTo(calls);
                send(calls, to, socket);
                calls.clear();
            }
        } catch (Exception none) {
            // The system has no sockets: everything is dropped when the queue is full.
        }
    }

    private void send(List<Supplier<String>> calls, Matcher to, DatagramSocket socket) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream(MAX_DATAGRAM);
        int count = 0;
        for (Supplier<String> call : calls) {
            byte[] line = bytesOf(call);
            if (line == null) continue;
            if (count > 0 && lines.size() + line.length > MAX_DATAGRAM) {
                send(lines.toByteArray(), count, to, socket);
                lines.reset();
                count = 0;
            }
            lines.writeBytes(line);
            count++;
        }
        if (count > 0) send(lines.toByteArray(), count, to, socket);
    }

    private byte[] bytesOf(Supplier<String> call) {
        try {
            return call.get().getBytes(StandardCharsets.UTF_8);
        } catch (RuntimeException | StackOverflowError odd) {
            // A method of somebody else's exception may fail. The other calls are sent.
            dropped.incrementAndGet();
            return null;
        }
    }

    private void send(byte[] lines, int count, Matcher to, DatagramSocket socket) {
        try {
            if (!to.matches()) throw new IllegalArgumentException("not host:port");
            InetAddress host = InetAddress.getByName(to.group(1) != null ? to.group(1) : to.group(2));
            int port = to.group(3) == null ? 51712 : Integer.parseInt(to.group(3));
            socket.send(new DatagramPacket(lines, lines.length, new InetSocketAddress(host, port)));
        } catch (Exception given) {
            dropped.addAndGet(count);
        }
    }

    private String line(String method, String url, long nanos, String status, String operation, String error) {
        return String.join("\t", "2", field(method, 32), url, BigDecimal.valueOf(nanos / 1000, 3).toPlainString(), status,
            field(operation, 200), field(caller, 100), field(version, 100), field(error, 100)) + "\n";
    }

    private static String field(String text, int limit) {
        String clean = text == null ? "" : CONTROLS.matcher(text).replaceAll(" ").strip();
        return clean.length() <= limit ? clean : clean.substring(0, limit).strip();
    }

    private static String withoutSecrets(String url) {
        Matcher parts = URL.matcher(url == null ? "" : url);
        if (!parts.matches()) return "";
        String host = parts.group(2).substring(parts.group(2).lastIndexOf('@') + 1);
        String path = parts.group(3).startsWith("/") ? parts.group(3) : "/" + parts.group(3);
        String scheme = parts.group(1) == null ? "" : parts.group(1);
        return host.isEmpty() ? "" : field(scheme + host, 300) + field(path, 512);
    }

    private static Throwable cause(Throwable error) {
        boolean wraps = error instanceof CompletionException || error instanceof ExecutionException;
        Throwable cause = wraps ? error.getCause() : null;
        return cause != null ? cause : error;
    }

    private static String nameOf(Throwable error) {
        boolean givenUp = error instanceof CancellationException || error instanceof InterruptedException;
        // An anonymous class has an empty name, and no name would mean that nothing was thrown.
        String name = error.getClass().isAnonymousClass() ? error.getClass().getSuperclass().getSimpleName() : error.getClass().getSimpleName();
        return givenUp ? ABORTED : name;
    }

    /** The status decides if there is one: a card that is declined with 402 is an answer of the API. */
    private static Integer statusOf(Throwable error) {
        for (String[] place : PLACES) {
            try {
                Object found = error;
                for (String name : place) {
                    var method = found.getClass().getMethod(name);
                    method.setAccessible(true);
                    found = method.invoke(found);
                }
                for (String code : GRPC) if (code.startsWith(found + " ")) return Integer.valueOf(code.substring(code.length() - 3));
                if (found instanceof Integer && (Integer) found >= 100 && (Integer) found <= 599) return (Integer) found;
            } catch (ReflectiveOperationException | RuntimeException absent) {
                // It is not in this place.
            }
        }
        return null;
    }

    private static String env(String name, String fallback) {
        String value = System.getenv(name);
        return value == null || value.isEmpty() ? fallback : value;
    }
}
