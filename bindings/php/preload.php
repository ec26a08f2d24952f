<?php
// For opcache.preload in a web server's PHP: this package's classes, which may then use FFI there. The library is loaded by
// ffi.preload, since FFI::load() refuses to work together with opcache.preload_user.
declare(strict_types=1);

foreach (glob(__DIR__ . '/src/*.php') as $file) {
    require_once $file;
}
