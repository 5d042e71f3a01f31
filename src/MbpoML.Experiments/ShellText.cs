namespace MbpoML.Experiments;

/// <summary>Text that can be pasted into a command line.</summary>
internal static class ShellText
{
    private const string Plain = "/._-+:";

    /// <summary>One argument, in quotes where a shell would otherwise take it for several or for something else.</summary>
    public static string Quoted(string argument) => Quoted(argument, OperatingSystem.IsWindows());

    /// <param name="argument">What the program should get.</param>
    /// <param name="isWindows">Whether the shell is one of Windows; else it is one of Unix.</param>
    public static string Quoted(string argument, bool isWindows)
    {
        if (argument.Length > 0 && argument.All(
            letter => char.IsLetterOrDigit(letter) || Plain.Contains(letter, StringComparison.Ordinal) || (letter == '\\' && isWindows))) return argument;
        // No path of Windows has a quotation mark; between those of Unix everything but the mark itself stands for itself.
        return isWindows ? $"\"{argument}\"" : $"'{argument.Replace("'", @"'\''", StringComparison.Ordinal)}'";
    }
}
