using MbpoML.PluginHost;

// MODE PLUGIN...: runs the entry point of each plugin, one after another, each in a load context of its own.
// MODE is lenient or strict (see PluginContext), or the path of a TorchSharp.dll that every plugin gets, as a script runs it from the package folder.
foreach (var plugin in args.Skip(1))
{
    var code = (int)new PluginContext(plugin, args[0]).LoadFromAssemblyPath(plugin).EntryPoint!.Invoke(null, [Array.Empty<string>()])!;
    if (code != 0) return code;
}

return 0;
