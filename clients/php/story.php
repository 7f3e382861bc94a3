<?php

// Plays the story of test/clients/story.ts.

declare(strict_types=1);

require __DIR__ . '/Probity.php';

class ApiException extends Exception
{
    public function __construct(private int $status)
    {
        parent::__construct('card number 4242');
    }

    public function getHttpStatus(): int
    {
        return $this->status;
    }
}

class GuzzleException extends Exception
{
    public function getResponse(): object
    {
        return new class {
            public function getStatusCode(): int
            {
                return 404;
            }
        };
    }
}

function check(bool $correct): void
{
    if (!$correct) {
        throw new LogicException('what a wrapped function does has changed');
    }
}

function failing(Probity $probity, string $name, Throwable $error): void
{
    try {
        $probity->call($name, fn () => throw $error);
    } catch (Throwable $thrown) {
        check($thrown === $error);
    }
}

set_error_handler(fn (int $level, string $message) => (error_reporting() & $level) && throw new LogicException($message));
$probity = new Probity();
foreach ([0, 0, 150_000] as $pause) {
    check($probity->call('returns', fn () => usleep($pause) ?? 5) === 5);
}
foreach ([new ApiException(402), new GuzzleException(), new ApiException(409)] as $error) {
    failing($probity, 'answer', $error);
}
foreach ([429, 503] as $status) {
    failing($probity, 'fault', new ApiException($status));
}
foreach ([new RuntimeException('no', 404), new TypeError(), new DomainException()] as $error) {
    failing($probity, 'throws', $error);
}
failing($probity, 'odd', new class ('no') extends Exception {});
$probity->aborted('aborts', 0.001);
$probity->call("text\t\n2\t\t\t1\t\ttext\u{2028}ü\xff", fn () => 1);
$probity->observe('GET', 'https://me:secret@api.example/v1/charges?key=secret#x', 0.001, 200);
$probity->observe('GET', $argv[1], 0.001, 503);
$probity->observe('GET', $argv[2], 0.001, 0, 'ConnectException');
for ($i = 0; $i < 1000; $i++) {
    $probity->call('parallel', fn () => 1);
}
foreach (['127.0.0.1:9', '127.0.0.1:0', '::::', 'collector.invalid:1'] as $address) {
    $other = new Probity('shop', '1', $address);
    for ($i = 0; $i < 3; $i++) {
        check($other->call('nowhere', fn () => 5) === 5);
        $other->close();
    }
}
// What waits leaves when the script ends.
check($probity->dropped() === 0);
