namespace MbpoML.Mujoco.Native;

/// <summary>Compiles models that are no files: only newer releases of MuJoCo read text, so the text passes through a file.</summary>
internal static class TemporaryModelFile
{
    /// <summary>Where the files are for a moment.</summary>
    public static string Folder => Path.GetTempPath();

    /// <summary>Compiles MJCF text. To be called on a <see cref="GuardedThread"/>.</summary>
    public static NativeModel Compile(MujocoLibrary library, string mjcf)
    {
        var file = Path.Combine(Folder, $"mbpoml-{Path.GetRandomFileName()}.xml");
        try
        {
            File.WriteAllText(file, mjcf);
            return NativeModel.Compile(library, file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
