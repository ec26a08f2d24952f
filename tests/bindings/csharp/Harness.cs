// What programs of checks have in common: each method of a class that begins with "Check" is a sentence about behaviour.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Mlab;

internal static class Harness
{
    internal static readonly bool IsMono = Type.GetType("Mono.Runtime") != null;

    internal static string Setting(string name)
    {
        return Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException(name + " is not set");
    }

    internal static void That(bool holds, string what)
    {
        if (!holds)
            throw new Exception(what);
    }

    internal static void Same<T>(T is_, T should)
    {
        That(EqualityComparer<T>.Default.Equals(is_, should), "is " + is_ + " and should be " + should);
    }

    internal static T Throws<T>(Action act) where T : Exception
    {
        try
        {
            act();
        }
        catch (T e)
        {
            return e;
        }
        throw new Exception("no " + typeof(T).Name);
    }

    internal static void Within(int milliseconds, Action act)
    {
        var watch = Stopwatch.StartNew();
        act();
        That(watch.ElapsedMilliseconds <= milliseconds, "took " + watch.ElapsedMilliseconds + " ms");
    }

    /// <summary>
    /// Whatever else the machine does may hold up a thread that could run; what the library itself waits for takes its time
    /// in every try. So the best of three counts.
    /// </summary>
    internal static void Promptly(Func<long> milliseconds, long limit = 300)
    {
        var best = long.MaxValue;
        for (var tries = 0; tries < 3 && best > limit; tries++)
            best = Math.Min(best, milliseconds());
        That(best <= limit, "took " + best + " ms at best");
    }

    /// <summary>Lets something come true within five seconds.</summary>
    internal static void Eventually(Func<bool> holds, string what)
    {
        for (var watch = Stopwatch.StartNew(); !holds(); Thread.Sleep(5))
            That(watch.ElapsedMilliseconds < 5000, "not within 5 s: " + what);
    }

    internal static void NoThreadIsLeft()
    {
        Eventually(() => Threads("mlab-") == 0, "no thread of the library's");
    }

    internal static Result End(Task<Result> task)
    {
        return task.GetAwaiter().GetResult();
    }

    /// <summary>A runtime that has a type in another assembly than the one that compiled it throws here, and not at some call.</summary>
    internal static void PrepareAll(Assembly assembly)
    {
        var all = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public
            | BindingFlags.NonPublic;
        foreach (var type in assembly.GetTypes().Where(type => !type.ContainsGenericParameters))
            foreach (var method in type.GetMethods(all).Cast<MethodBase>().Concat(type.GetConstructors(all)))
                if (!method.IsAbstract && !method.ContainsGenericParameters
                    && (method.Attributes & MethodAttributes.PinvokeImpl) == 0
                    && (method.GetMethodImplementationFlags() & MethodImplAttributes.Runtime) == 0)
                    RuntimeHelpers.PrepareMethod(method.MethodHandle);
    }

    internal static int Threads(string prefix)
    {
        return Directory.GetDirectories("/proc/self/task").Count(task =>
        {
            try { return File.ReadAllText(task + "/comm").StartsWith(prefix); }
            catch (IOException) { return false; } // It has ended meanwhile.
        });
    }

    internal static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1]) * Environment.SystemPageSize;
    }

    /// <summary>Runs the checks whose names hold the first argument, or all; the exit code.</summary>
    internal static int Run(Type checks, string[] arguments)
    {
        var failures = 0;
        foreach (var check in checks.GetMethods().Where(method => method.Name.StartsWith("Check")))
        {
            if (arguments.Length > 0 && !check.Name.Contains(arguments[0]))
                continue;
            var watch = Stopwatch.StartNew();
            try
            {
                check.Invoke(null, null);
                Console.Error.WriteLine("ok {0} ({1} ms)", check.Name, watch.ElapsedMilliseconds);
            }
            catch (TargetInvocationException e)
            {
                failures++;
                Console.Error.WriteLine("FAILED {0}: {1}", check.Name, e.InnerException);
            }
        }
        Console.Error.WriteLine("{0} failures", failures);
        return failures == 0 ? 0 : 1;
    }
}
