using System.Reflection;
using System.Runtime.Loader;
using MbpoML.Environments;

namespace MbpoML.Experiments.Tasks;

/// <summary>
/// Loads an assembly of a user with what it references: MbpoML, and all that MbpoML stands on, is that of this process, so that types agree; everything else is
/// the assembly's own, from beside it.
/// </summary>
internal sealed class EnvironmentLoadContext : AssemblyLoadContext
{
    // Where the program has them; none of them is needed here.
    private static readonly string[] Packages = ["MbpoML.Mujoco", "MbpoML.Plotting"];
    private static readonly Dictionary<string, Assembly> Loaded = new(StringComparer.Ordinal);
    private static readonly Lazy<HashSet<string>> Shared = new(FindShared);

    private readonly AssemblyDependencyResolver _resolver;

    private EnvironmentLoadContext(string path)
        : base(Path.GetFileNameWithoutExtension(path)) => _resolver = new AssemblyDependencyResolver(path);

    /// <summary>The assembly of a file; the same each time.</summary>
    /// <exception cref="RunSpecException">There is no such file, or it cannot be loaded here.</exception>
    public static Assembly Load(string file)
    {
        var path = Path.GetFullPath(file);
        lock (Loaded)
        {
            if (Loaded.TryGetValue(path, out var known)) return known;
            try
            {
                return Loaded[path] = LoadNew(path);
            }
            catch (FileNotFoundException)
            {
                throw new RunSpecException(
                    $"There is no assembly '{file}'. Build the project, and name its .dll, as in bin/Release/net10.0/My.dll#My.ReactorEnvironment.");
            }
            catch (Exception exception) when (exception is BadImageFormatException or FileLoadException or InvalidOperationException)
            {
                throw new RunSpecException(
                    Invariant($"'{file}' cannot be loaded as an assembly: {exception.Message.ReplaceLineEndings(" ")} Name the .dll that 'dotnet build' ") +
                        Invariant($"writes for .NET {Environment.Version.Major} or lower."));
            }
        }
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (IsShared(assemblyName)) return null;
        return _resolver.ResolveAssemblyToPath(assemblyName) is { } file ? LoadFromAssemblyPath(file) : null;
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } file ? LoadUnmanagedDllFromPath(file) : base.LoadUnmanagedDll(unmanagedDllName);

    private static Assembly LoadNew(string path)
    {
        // One of MbpoML's own is here, whether or not the program's copy of it still is.
        if (IsShared(new AssemblyName(Path.GetFileNameWithoutExtension(path))))
            return Default.LoadFromAssemblyName(new AssemblyName(Path.GetFileNameWithoutExtension(path)));
        if (!File.Exists(path)) throw new FileNotFoundException(null, path);
        return new EnvironmentLoadContext(path).LoadFromAssemblyPath(path);
    }

    private static bool IsShared(AssemblyName assembly) => assembly.Name is { } name && Shared.Value.Contains(name);

    // Whatever can stand in MbpoML's public members: its own assemblies and all that they reference.
    private static HashSet<string> FindShared()
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var left = new Queue<Assembly>(
            [typeof(IEnvironment).Assembly, typeof(RunFolder).Assembly, .. Packages.Select(name => TryLoad(new AssemblyName(name))).OfType<Assembly>()]);
        foreach (var assembly in left) names.Add(assembly.GetName().Name!);
        while (left.TryDequeue(out var assembly))
        {
            foreach (var reference in assembly.GetReferencedAssemblies().Where(reference => names.Add(reference.Name!)))
                if (TryLoad(reference) is { } next) left.Enqueue(next);
        }

        return names;
    }

    private static Assembly? TryLoad(AssemblyName name)
    {
        try
        {
            return Default.LoadFromAssemblyName(name);
        }
        catch (Exception exception) when (exception is FileNotFoundException or FileLoadException)
        {
            // Referenced for a platform or a case that is not this one.
            return null;
        }
    }
}
