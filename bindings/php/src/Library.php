<?php
declare(strict_types=1);

namespace Mlab;

use FFI;

/** Finds the native library and loads it, once a process. */
final class Library
{
    /** What the loader of a system calls it, where it is installed there. */
    private const SYSTEM_NAMES = ['Linux' => 'libmlab.so.0', 'Darwin' => 'libmlab.0.dylib', 'Windows' => 'mlab.dll'];

    private static ?FFI $functions = null;

    public static function get(): FFI
    {
        return self::$functions ??= self::load();
    }

    private static function load(): FFI
    {
        try {
            // What ffi.preload or preload.php has loaded: the only way in a web server, where FFI::cdef() is refused.
            $functions = FFI::scope('MLAB');
        } catch (FFI\Exception) {
            $functions = self::loadFile();
        }
        if ($functions->mlab_abi_version() !== $functions->MLAB_ABI_VERSION
            || $functions->mlab_version_number() < $functions->MLAB_VERSION_NUMBER) {
            throw new \RuntimeException(sprintf(
                'mlab %s with ABI %d was loaded, and is older than this package, or of another ABI',
                $functions->mlab_version(),
                $functions->mlab_abi_version(),
            ));
        }
        return $functions;
    }

    private static function loadFile(): FFI
    {
        // FFI::cdef() knows no preprocessor; these two lines are for FFI::load().
        $declarations = preg_replace('/^#define .*$/m', '', file_get_contents(__DIR__ . '/mlab.ffi.h'));
        $path = self::find();
        try {
            return FFI::cdef($declarations, $path);
        } catch (FFI\Exception $cause) {
            throw new \RuntimeException(
                "the native library of mlab-client cannot be loaded from $path: install it, or name its file in " .
                    "MLAB_LIBRARY; in a web server see the README about preloading ({$cause->getMessage()})",
                0,
                $cause,
            );
        }
    }

    private static function find(): string
    {
        $named = getenv('MLAB_LIBRARY');
        if ($named !== false && $named !== '') {
            return $named;
        }
        $name = self::SYSTEM_NAMES[PHP_OS_FAMILY] ?? self::SYSTEM_NAMES['Linux'];
        $own = dirname(__DIR__) . '/native/' . strtolower(PHP_OS_FAMILY) . '-' . php_uname('m') . "/$name";
        return is_file($own) ? $own : $name;
    }
}
