using UnityEditor;
using UnityEngine;

namespace Mlab.Editor
{
    /// <summary>Ends clients before their code goes, and lets tools of the editor have frames where no game has them.</summary>
    [InitializeOnLoad]
    internal static class EditorFrames
    {
        static EditorFrames()
        {
            AssemblyReloadEvents.beforeAssemblyReload += MlabLoop.ShutDown;
            EditorApplication.quitting += MlabLoop.ShutDown;
            EditorApplication.update += Frame;
        }

        private static void Frame()
        {
            if (!Application.isPlaying)
                MlabLoop.Frame();
        }
    }
}
