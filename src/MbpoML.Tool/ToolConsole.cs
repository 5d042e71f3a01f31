using MbpoML.Tool.Display;
using Spectre.Console;

namespace MbpoML.Tool;

/// <summary>Where a command writes.</summary>
/// <param name="Out">What was asked for.</param>
/// <param name="Error">What went wrong.</param>
/// <param name="IsLive">Whether a person looks on, so that lines may be drawn over.</param>
internal sealed record ToolConsole(TextWriter Out, TextWriter Error, bool IsLive)
{
    // Where nobody looks on there is no width: tables must not break their lines for a guessed one.
    private const int WidthOfFiles = 1000;

    /// <summary>Draws tables, and with <see cref="IsLive"/> also live displays.</summary>
    public IAnsiConsole Rich { get; } = Create(Out, IsLive);

    public static ToolConsole OfProcess()
    {
        // Before Spectre takes the output: what is drawn goes through it, too.
        if (!Console.IsOutputRedirected) Console.SetOut(new TerminalWriter(Console.Out));
        if (!Console.IsErrorRedirected) Console.SetError(new TerminalWriter(Console.Error));
        return new ToolConsole(Console.Out, Console.Error, AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected);
    }

    private static IAnsiConsole Create(TextWriter output, bool isLive)
    {
        if (isLive) return AnsiConsole.Console;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = WidthOfFiles;
        return console;
    }
}
