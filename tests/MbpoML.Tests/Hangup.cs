namespace MbpoML.Tests;

/// <summary>The signal of a closed terminal, SIGHUP.</summary>
internal static class Hangup
{
    private const string Ignored = "SigIgn:";

    /// <summary>Leaves a test out where this process was started to ignore the signal, as by nohup: then so do those that it starts.</summary>
    /// <param name="signal">The signal that the test sends, as kill takes it.</param>
    public static void Require(string signal)
    {
        if (signal != "-HUP" || !File.Exists("/proc/self/status")) return;
        var mask = Convert.ToUInt64(File.ReadLines("/proc/self/status").Single(line => line.StartsWith(Ignored, StringComparison.Ordinal))[Ignored.Length..].Trim(), 16);
        if ((mask & 1) != 0) Assert.Ignore("SIGHUP is ignored here.");
    }
}
