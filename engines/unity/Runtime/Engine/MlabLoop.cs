using System;
using System.Collections.Generic;
using UnityEngine;
using UnityEngine.LowLevel;
using UnityEngine.PlayerLoop;

namespace Mlab
{
    /// <summary>
    /// Where clients get their frames from: a system of the player loop, at the head of its Update phase, so that what
    /// awaits goes on in the same frame. It is there while clients are. The main thread's alone.
    /// </summary>
    public static class MlabLoop
    {
        private static readonly List<MlabClient> Clients = new List<MlabClient>();

        /// <summary>How long a frame may be spent on all clients together. What is begun is not cut short.</summary>
        public static TimeSpan FrameLimit { get; set; } = TimeSpan.FromMilliseconds(1);

        /// <summary>
        /// Disposes all clients: at the end of the game, before the editor loads assemblies anew, and where the domain
        /// stays as it is ("Enter Play Mode Options") before the next game begins.
        /// </summary>
        public static void ShutDown()
        {
            foreach (var client in Clients.ToArray())
                client.Dispose();
        }

        /// <summary>One frame of all clients, for programs that have no player loop: the editor outside of a game.</summary>
        public static void Frame()
        {
            if (Clients.Count == 0)
                return;
            var share = TimeSpan.FromTicks(FrameLimit.Ticks / Clients.Count);
            foreach (var client in Clients.ToArray()) // A copy: what is told may make or dispose clients.
                client.Frame(share);
        }

        internal static void Add(MlabClient client)
        {
            Clients.Add(client);
            Install(); // Each time: others may have set a loop without ours.
            Application.quitting -= ShutDown;
            Application.quitting += ShutDown;
        }

        internal static void Remove(MlabClient client)
        {
            if (!Clients.Remove(client) || Clients.Count > 0)
                return;
            Application.quitting -= ShutDown;
            var loop = PlayerLoop.GetCurrentPlayerLoop();
            if (Change(ref loop, systems => systems.RemoveAll(IsOurs) > 0))
                PlayerLoop.SetPlayerLoop(loop);
        }

        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        private static void Reset()
        {
            ShutDown();
            FrameLimit = TimeSpan.FromMilliseconds(1);
        }

        private static void Install()
        {
            var loop = PlayerLoop.GetCurrentPlayerLoop();
            var ours = new PlayerLoopSystem { type = typeof(MlabLoop), updateDelegate = Frame };
            if (Change(ref loop, systems => AddFirst(systems, ours)))
                PlayerLoop.SetPlayerLoop(loop);
        }

        private static bool AddFirst(List<PlayerLoopSystem> systems, PlayerLoopSystem ours)
        {
            if (systems.Exists(IsOurs))
                return false;
            systems.Insert(0, ours);
            return true;
        }

        private static bool IsOurs(PlayerLoopSystem system)
        {
            return system.type == typeof(MlabLoop);
        }

        /// <summary>Changes the systems of the Update phase; whether there is such a phase and it was changed.</summary>
        private static bool Change(ref PlayerLoopSystem loop, Predicate<List<PlayerLoopSystem>> change)
        {
            var phases = loop.subSystemList ?? new PlayerLoopSystem[0];
            for (var i = 0; i < phases.Length; i++)
            {
                if (phases[i].type != typeof(Update))
                    continue;
                var systems = new List<PlayerLoopSystem>(phases[i].subSystemList ?? new PlayerLoopSystem[0]);
                if (!change(systems))
                    return false;
                phases[i].subSystemList = systems.ToArray();
                return true;
            }
            return false;
        }
    }
}
