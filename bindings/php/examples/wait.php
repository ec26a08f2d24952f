<?php
// Waits for one queued job with a progress line, and prints the URLs of its images, or saves them and prints where.
// Ctrl-C stops it at once.
//
//     MODELSLAB_API_KEY=... php wait.php 12202888 [eta in seconds, as the generation call said]
//
// MLAB_IMAGES is a folder to save the images into; MLAB_ENDPOINT and MLAB_CA_FILE are for a server of your own.
//
// Exit code: 0 the images are there, 3 not yet when the deadline came, 130 stopped by Ctrl-C, 1 something went wrong,
// 2 wrong use.
declare(strict_types=1);

use Mlab\Client;
use Mlab\Event;
use Mlab\MlabException;

require getcwd() . '/vendor/autoload.php';

final class Interrupted extends Exception
{
}

function show(Event $event): void
{
    $next = $event->nextPoll === null ? '' : sprintf(', next in %.1f s', $event->nextPoll - $event->elapsed);
    $more = $event->eta === null ? '' : sprintf(', the server expects %.1f s more', $event->eta);
    fprintf(STDERR, "%.1f s, %d poll%s%s%s\n", $event->elapsed, $event->polls, $event->polls === 1 ? '' : 's', $next, $more);
}

$id = $argv[1] ?? '';
$eta = $argv[2] ?? null;
if ($id === '' || $argc > 3 || ($eta !== null && !(is_numeric($eta) && $eta >= 0))) {
    fwrite(STDERR, "usage: php wait.php ID [ETA IN SECONDS]\n");
    exit(2);
}
if (function_exists('pcntl_async_signals')) {
    pcntl_async_signals(true);
    pcntl_signal(SIGINT, fn () => throw new Interrupted());
}
try {
    $client = new Client(null, endpoint: getenv('MLAB_ENDPOINT') ?: null, caFile: getenv('MLAB_CA_FILE') ?: null);
    $folder = getenv('MLAB_IMAGES') ?: null;
    $seconds = $eta === null ? null : (float) $eta;
    $result = $client->wait($id, eta: $seconds, downloadDir: $folder, onProgress: show(...));
    foreach ($folder === null ? $result->urls : $result->images as $each) {
        echo is_string($each) ? $each : "$each->path ($each->type, $each->width x $each->height)", "\n";
    }
} catch (Interrupted) {
    exit(130);
} catch (MlabException $error) {
    fwrite(STDERR, "$error->name: {$error->getMessage()}\n");
    exit($error->name === 'MLAB_E_DEADLINE' ? 3 : 1);
}
