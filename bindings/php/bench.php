<?php
// Times calls for `cargo bench --bench bindings`, and prints nanoseconds a call:
//
//     bench.php fetch SAMPLES BATCH URL
//     bench.php parse SAMPLES BATCH FILE
declare(strict_types=1);

foreach (glob(__DIR__ . '/src/*.php') as $file) {
    require_once $file;
}

[, $mode, $samples, $batch, $target] = $argv;
[$samples, $batch] = [(int) $samples, (int) $batch];

const WARMING_NS = 400_000_000;

if ($mode === 'fetch') {
    $client = new Mlab\Client('test-key-not-real', endpoint: $target);
    $call = fn () => $client->fetch('12202888');
} else {
    $body = file_get_contents($target);
    $call = fn () => Mlab\Client::parse($body, 200);
}
$begun = hrtime(true);
while (hrtime(true) - $begun < WARMING_NS) {
    $call();
}
$took = [];
for ($i = 0; $i < $samples; $i++) {
    $start = hrtime(true);
    for ($j = 0; $j < $batch; $j++) {
        $result = $call();
    }
    $took[] = (hrtime(true) - $start) / $batch;
}
sort($took);
printf(
    "bytes=%d min=%.1f median=%.1f p90=%.1f\n",
    array_sum(array_map('strlen', $result->urls)),
    $took[0],
    $took[intdiv($samples, 2)],
    $took[intdiv($samples * 9, 10)],
);
