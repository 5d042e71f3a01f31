namespace MbpoML.Tool;

/// <summary>What the process returns; docs/cli.md says the same.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The command was understood, but what it does failed.</summary>
    public const int Failed = 1;

    /// <summary>The command was not understood, or asks for what there is not; nothing was done.</summary>
    public const int BadArguments = 2;

    /// <summary>Stopped by Ctrl+C, SIGTERM or SIGHUP, with a checkpoint (128 + SIGINT, as shells say it).</summary>
    public const int Interrupted = 130;
}
