<?php
declare(strict_types=1);

namespace Mlab;

/** Something went wrong; the classes below say what kind of thing. Its code is the status. */
class MlabException extends \RuntimeException
{
    /** The status as the header names it, such as "MLAB_E_AUTH". */
    public readonly string $name;

    final public function __construct(public readonly int $status, string $message = '', public readonly ?Result $result = null)
    {
        $functions = Library::get();
        $this->name = $functions->mlab_status_name($status);
        parent::__construct($message !== '' ? $message : $functions->mlab_status_text($status), $status);
    }

    /** The exception for a status; of a group that a later library has, a SystemException. */
    public static function of(int $status, string $message = '', ?Result $result = null): self
    {
        $functions = Library::get();
        $class = match ($status) {
            $functions->MLAB_E_DEADLINE => DeadlineException::class,
            $functions->MLAB_E_RATE_LIMITED => RateLimitException::class,
            default => self::ofGroup($functions->mlab_status_group($status)),
        };
        return new $class($status, $message, $result);
    }

    private static function ofGroup(int $group): string
    {
        $functions = Library::get();
        return match ($group) {
            $functions->MLAB_GROUP_ARGUMENT => ArgumentException::class,
            $functions->MLAB_GROUP_ENDED => EndedException::class,
            $functions->MLAB_GROUP_NETWORK => NetworkException::class,
            $functions->MLAB_GROUP_ACCOUNT => AccountException::class,
            $functions->MLAB_GROUP_JOB => JobException::class,
            $functions->MLAB_GROUP_IMAGE => ImageException::class,
            default => SystemException::class,
        };
    }

    public static function argument(string $message): self
    {
        return self::of(Library::get()->MLAB_E_INVALID_ARGUMENT, $message);
    }

    /** Whether the same call may succeed later without anything being changed. */
    public function isRetryable(): bool
    {
        return $this->result?->retryable ?? false;
    }

    /** How long the server wants to be left alone, in seconds; null if it did not say. */
    public function retryAfter(): ?float
    {
        return $this->result?->retryAfter;
    }
}

/** You passed something wrong; nothing was sent. */
final class ArgumentException extends MlabException
{
}

/** It was ended on this side: by its deadline, which is a class of its own, or by close(). */
class EndedException extends MlabException
{
}

/** The job was not ready in time: wait again with the same id. The result has the last thing known. */
final class DeadlineException extends EndedException
{
}

/** This library, or the system under it. */
final class SystemException extends MlabException
{
}

/** The way to the server, or the server itself; most of it passes. */
final class NetworkException extends MlabException
{
}

/** The key, and what its account may do and pay for. */
class AccountException extends MlabException
{
}

/** The server wants to be asked less often: see retryAfter(). */
final class RateLimitException extends AccountException
{
}

/** The job: unknown, failed, or refused for a reason of its own. */
final class JobException extends MlabException
{
}

/** An image or its file. */
final class ImageException extends MlabException
{
}
