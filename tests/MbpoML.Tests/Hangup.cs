namespace MbpoML.Tests;

/// <summary>The signal of a closed terminal, SIGHUP.</summary>
internal static class Hangup
{
    /// <summary>
    /// A command as a process that heeds the signal, though this one may have been started to ignore it, as by nohup, which those that it starts inherit.
    /// </summary>
    /// <remarks>env, of the coreutils of any Linux that the native libraries run on, gives way to the command: the process keeps its number.</remarks>
    public static string[] Heeded(IEnumerable<string> command) => OperatingSystem.IsLinux() ? ["env", "--default-signal=HUP", .. command] : [.. command];
}
