using System.Reflection;
using System.Runtime.Loader;

namespace MbpoML.PluginHost;

/// <summary>A plugin's load context as .NET's documentation has it.</summary>
/// <remarks>
/// Strict: a native library that does not load is an exception. Lenient: it is left to others, as the contract of <see cref="LoadUnmanagedDll"/> allows.
/// With the path of an assembly, native libraries are left to others altogether.
/// </remarks>
internal sealed class PluginContext(string plugin, string mode) : AssemblyLoadContext("plugin")
{
    private readonly AssemblyDependencyResolver _resolver = new(plugin);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name == Path.GetFileNameWithoutExtension(mode)) return LoadFromAssemblyPath(mode);
        return _resolver.ResolveAssemblyToPath(assemblyName) is { } file ? LoadFromAssemblyPath(file) : null;
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        if (mode is not ("strict" or "lenient")) return 0;
        try
        {
            return _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } file ? LoadUnmanagedDllFromPath(file) : 0;
        }
        catch (DllNotFoundException) when (mode == "lenient")
        {
            return 0;
        }
    }
}
