<?php
declare(strict_types=1);

namespace Mlab;

/** A job that a client waits for. Once nobody holds it any more it is cancelled, unless it has ended. */
final class Job
{
    private bool $hasEnded = false;
    /** @var list<Event> pulled, and not taken yet */
    private array $events = [];
    /** Why it will have no more of them, if that is not its last one. */
    private ?int $failure = null;
    private readonly int $process;

    /** @internal */
    public function __construct(private readonly Client $client, public readonly string $id, public readonly int $number)
    {
        $this->process = getmypid();
    }

    /** @internal */
    public function deliver(Event $event): void
    {
        $this->hasEnded = $event->kind === 'done';
        $this->events[] = $event;
    }

    /** @internal */
    public function fail(int $status): void
    {
        $this->hasEnded = true;
        $this->failure = $status;
    }

    /** Its next event, if there is one already. Never blocks. Throws where the client has none for it any more. */
    public function next(): ?Event
    {
        if ($this->process !== getmypid()) {
            throw MlabException::of(Library::get()->MLAB_E_FORKED);
        }
        if ($this->events === [] && $this->failure === null) {
            $this->client->pull(0);
        }
        if ($this->events === [] && $this->failure !== null) {
            throw MlabException::of($this->failure);
        }
        return array_shift($this->events);
    }

    /** Whether its end has come. Its last events may still be to be taken. */
    public function hasEnded(): bool
    {
        return $this->hasEnded;
    }

    /** Stops waiting: it goes on at the server. Its last event then tells so. */
    public function cancel(): void
    {
        if (!$this->hasEnded) {
            $this->client->cancelJob($this->number);
        }
    }

    public function __destruct()
    {
        $this->cancel();
    }
}
