// The player loop, and a program's way to have one frame of it.
using System;
using System.Collections.Generic;
using System.Threading;

namespace UnityEngine.PlayerLoop
{
    public struct EarlyUpdate
    {
    }

    public struct Update
    {
        public struct ScriptRunDelayedTasks
        {
        }
    }
}

namespace UnityEngine.LowLevel
{
    public struct PlayerLoopSystem
    {
        public delegate void UpdateFunction();

        public Type type;
        public PlayerLoopSystem[] subSystemList;
        public UpdateFunction updateDelegate;
    }

    public static class PlayerLoop
    {
        private static PlayerLoopSystem current = GetDefaultPlayerLoop();

        public static PlayerLoopSystem GetDefaultPlayerLoop()
        {
            var tasks = new PlayerLoopSystem
            {
                type = typeof(UnityEngine.PlayerLoop.Update.ScriptRunDelayedTasks), updateDelegate = FrameContext.Run,
            };
            return new PlayerLoopSystem
            {
                subSystemList = new[]
                {
                    new PlayerLoopSystem { type = typeof(UnityEngine.PlayerLoop.EarlyUpdate) },
                    new PlayerLoopSystem { type = typeof(UnityEngine.PlayerLoop.Update), subSystemList = new[] { tasks } },
                },
            };
        }

        public static PlayerLoopSystem GetCurrentPlayerLoop() { return current; }

        public static void SetPlayerLoop(PlayerLoopSystem loop)
        {
            MainThread.Check();
            current = loop;
        }

        public static int CountOf(Type type) { return CountOf(current, type); }

        private static int CountOf(PlayerLoopSystem system, Type type)
        {
            var count = system.type == type ? 1 : 0;
            foreach (var part in system.subSystemList ?? new PlayerLoopSystem[0])
                count += CountOf(part, type);
            return count;
        }

        public static void Frame() { Run(current); }

        private static void Run(PlayerLoopSystem system)
        {
            if (system.updateDelegate != null)
                system.updateDelegate();
            foreach (var part in system.subSystemList ?? new PlayerLoopSystem[0])
                Run(part);
        }
    }

    /// <summary>The main thread's context, as Unity has one: what is posted runs in a frame.</summary>
    public sealed class FrameContext : SynchronizationContext
    {
        private static readonly List<Action> Posted = new List<Action>();

        public override SynchronizationContext CreateCopy() { return this; }

        public override void Post(SendOrPostCallback callback, object state)
        {
            lock (Posted)
                Posted.Add(() => callback(state));
        }

        internal static void Run()
        {
            Action[] all;
            lock (Posted)
            {
                all = Posted.ToArray();
                Posted.Clear();
            }
            foreach (var action in all)
                action();
        }
    }
}
