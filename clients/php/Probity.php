<?php

declare(strict_types=1);

/**
 * Reports to Probity how long the API calls of a program take, and how they end, over UDP, in batches. It throws nothing of its own.
 *
 * PHP has no thread in the background: a batch leaves when a datagram is full, with the first call that ends 50 ms after the
 * last batch, and when the script ends.
 */
final class Probity
{
    /** Below the MTU of every network, so that no datagram is divided. */
    private const MAX_DATAGRAM = 1024;
    private const MAX_WAIT_NANOS = 50_000_000;
    /** Where libraries keep the status of an answer: Stripe, AWS, Guzzle and Symfony. */
    private const PLACES = [['getHttpStatus'], ['getStatusCode'], ['getResponse', 'getStatusCode']];
    private const ADDRESS = '/^(\[[0-9a-f:.]+\]|[^\s:\[\]\/@]+)(?::(\d{1,5}))?$/i';

    /** How many calls were not sent. */
    private int $dropped = 0;
    private string $lines = '';
    private int $count = 0;
    private int $sentAt = 0;
    private string $to = '';
    /** @var resource|null */
    private $socket = null;

    /**
     * What is null comes from PROBITY_CALLER, PROBITY_VERSION and PROBITY_CALLS_ADDRESS.
     *
     * @param string|null $address host:port of Probity; if it is not valid, nothing is sent. Prefer an IP address, because resolving a
     *   name takes time.
     */
    public function __construct(private ?string $caller = null, private ?string $version = null, ?string $address = null)
    {
        $this->caller ??= getenv('PROBITY_CALLER') ?: '';
        $this->version ??= getenv('PROBITY_VERSION') ?: '';
        $address ??= getenv('PROBITY_CALLS_ADDRESS') ?: '127.0.0.1:51712';
        if (preg_match(self::ADDRESS, $address, $parts) === 1) {
            $this->to = "udp://{$parts[1]}:" . ($parts[2] ?? '51712');
        }
        register_shutdown_function($this->close(...));
    }

    /** Calls a function, reports the call under a name, and returns or throws what the function does. */
    public function call(string $name, callable $function): mixed
    {
        $started = hrtime(true);
        $error = null;
        try {
            return $function();
        } catch (Throwable $thrown) {
            $error = $thrown;
            throw $thrown;
        } finally {
            $status = $error === null ? null : $this->statusOf($error);
            $this->add('', '', hrtime(true) - $started, $status, $name, $error === null ? '' : self::nameOf($error));
        }
    }

    /** Reports an HTTP request. Status 0 means that no response came; the error, if any, says why. */
    public function observe(string $method, string $url, float $seconds, int $status, string $error = ''): void
    {
        $this->add($method, $this->withoutSecrets($url), $seconds * 1e9, $status, '', $error);
    }

    /** Reports a call that the program itself gave up: its outcome is unknown. */
    public function aborted(string $name, float $seconds): void
    {
        $this->add('', '', $seconds * 1e9, null, $name, 'AbortError');
    }

    public function dropped(): int
    {
        return $this->dropped;
    }

    /** Sends what waits. This happens by itself when the script ends. */
    public function close(): void
    {
        if ($this->count > 0 && !$this->send($this->lines)) {
            $this->dropped += $this->count;
        }
        $this->lines = '';
        $this->count = 0;
        $this->sentAt = hrtime(true);
    }

    private function add(string $method, string $url, float $nanos, ?int $status, string $name, string $error): void
    {
        $line = implode("\t", [
            '2', self::field($method, 32), $url, sprintf('%.3F', $nanos / 1e6), $status ?? '', self::field($name, 200),
            self::field($this->caller, 100), self::field($this->version, 100), self::field($error, 100),
        ]) . "\n";
        if (strlen($this->lines) + strlen($line) > self::MAX_DATAGRAM) {
            $this->close();
        }
        $this->lines .= $line;
        $this->count++;
        if (hrtime(true) - $this->sentAt > self::MAX_WAIT_NANOS) {
            $this->close();
        }
    }

    private function send(string $lines): bool
    {
        if ($this->to === '') {
            return false;
        }
        try {
            $this->socket ??= @stream_socket_client($this->to) ?: null;
            if ($this->socket === null) {
                return false;
            }
            stream_set_blocking($this->socket, false);
            // After a time when nobody listened, the first attempt only takes note of that.
            return @fwrite($this->socket, $lines) > 0 || @fwrite($this->socket, $lines) > 0;
        } catch (Throwable) {
            return false;
        }
    }

    /** An anonymous class is called as its parent is: its own name has the path of its file. */
    private static function nameOf(Throwable $error): string
    {
        return strstr($error::class . '@', '@', true);
    }

    /** The status decides if there is one: a card that is declined with 402 is an answer of the API. */
    private function statusOf(Throwable $error): ?int
    {
        foreach (self::PLACES as $place) {
            try {
                $found = $error;
                foreach ($place as $method) {
                    $found = is_object($found) && method_exists($found, $method) ? $found->$method() : null;
                }
                if (is_int($found) && $found >= 100 && $found <= 599) {
                    return $found;
                }
            } catch (Throwable) {
                // It is not in this place.
            }
        }
        return null;
    }

    private static function field(string $text, int $limit): string
    {
        $clean = preg_replace('/[\p{Cc}\x{2028}\x{2029}]/u', ' ', $text) ?? preg_replace('/[^ -~]/', ' ', $text);
        // Without mbstring: so many characters, and not half of one.
        return preg_match("/^.{0,$limit}/us", trim($clean), $cut) === 1 ? trim($cut[0]) : '';
    }

    private function withoutSecrets(string $url): string
    {
        preg_match('~^((?:[a-z][a-z0-9+.-]*:)?//)?([^/?#\\\\]*)([^?#]*)~i', $url, $parts);
        $host = substr((string) strrchr("@$parts[2]", '@'), 1);
        $path = str_starts_with($parts[3], '/') ? $parts[3] : "/$parts[3]";
        return $host === '' ? '' : self::field($parts[1] . $host, 300) . self::field($path, 512);
    }
}
