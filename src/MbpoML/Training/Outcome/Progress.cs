namespace MbpoML.Training.Outcome;

/// <summary>
/// Ready-made receivers of a run's progress: <c>rl.Mbpo(environment, progress: Progress.Console()).Fit()</c>. The library writes nothing unless it is asked to.
/// </summary>
public static class Progress
{
#pragma warning disable RS0030 // The one place that may know the console, and only when it is called: the user asks for standard output here.
    /// <summary>
    /// Shows a run on standard output: steps, return of the last evaluation, phase and time left. A terminal has one line that is written over, and one that
    /// stays for each evaluation. Redirected output has a line for each evaluation, and one after every half minute without any.
    /// </summary>
    /// <remarks>An output that was closed, or cannot be written to, ends the display and never the run.</remarks>
    public static IProgress<TrainingProgress> Console() => new ProgressLines(System.Console.Out, System.Console.IsOutputRedirected ? null : TerminalWidth);

    /// <summary>Writes the plain lines of <see cref="Console"/> for redirected output to a writer.</summary>
    /// <param name="writer">It is flushed after each line; the caller disposes it.</param>
    /// <exception cref="ArgumentNullException">The writer is null.</exception>
    public static IProgress<TrainingProgress> Lines(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        return new ProgressLines(writer, terminalWidth: null);
    }

    // Some terminals know no width, or say 0.
    private static int TerminalWidth()
    {
        const int Usual = 80;
        try
        {
            return System.Console.WindowWidth is > 0 and var width ? width : Usual;
        }
        catch (Exception exception) when (exception is IOException or PlatformNotSupportedException or InvalidOperationException)
        {
            return Usual;
        }
    }
#pragma warning restore RS0030
}
