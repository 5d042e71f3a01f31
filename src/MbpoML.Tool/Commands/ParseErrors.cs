using System.CommandLine;
using System.Text.RegularExpressions;
using MbpoML.Numerics;

namespace MbpoML.Tool.Commands;

/// <summary>What is wrong with a command line, said in its own words rather than in those of the parser.</summary>
internal static partial class ParseErrors
{
    private const string EndOfOptions = "--";

    /// <summary>The sentences; none where the command line is understood.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="args">The same as it was written.</param>
    public static IReadOnlyList<string> Of(ParseResult parsed, IReadOnlyList<string> args)
    {
        var command = parsed.CommandResult.Command;
        Option[] options = [.. parsed.CommandResult.Command.Options, .. parsed.RootCommandResult.Command.Options.Where(option => option.Recursive)];
        string[] known = [.. options.SelectMany(option => option.Aliases.Append(option.Name))];
        // The parser takes an unknown option for a value where one may follow, a folder for instance.
        string[] unknown = [.. args.TakeWhile(argument => argument != EndOfOptions).Where(IsOption).Select(NameOf)
            .Where(name => !known.Contains(name)).Distinct()];
        if (unknown.Length > 0)
            return [.. unknown.Select(
                name => $"There is no option '{name}'.{DidYouMean(name, [.. options.Where(option => !option.Hidden).Select(option => option.Name)])}")];
        if (command.Subcommands.Count > 0 && parsed.UnmatchedTokens is [var first, ..])
        {
            string[] commands = [.. command.Subcommands.Where(one => !one.Hidden).Select(one => one.Name)];
            return [$"There is no command '{first}'.{DidYouMean(first, commands)} There are: {string.Join(", ", commands)}."];
        }

        return [.. parsed.Errors.Select(error => InOwnWords(error.Message)).Distinct()];
    }

    private static string InOwnWords(string message) => NoValue().Match(message) is { Success: true } match
        ? $"{match.Groups["option"]} is '{match.Groups["value"]}', but must be {Expected(match.Groups["type"].Value)}."
        : message;

    private static string Expected(string type) => type.Contains("Int32", StringComparison.Ordinal) ? $"a whole number, at most {int.MaxValue}"
        : type.Contains("Double", StringComparison.Ordinal) ? "a number, as in 0.05 or 3e-4"
        : type.Contains("Boolean", StringComparison.Ordinal) ? "true or false" : "another value";

    private static string DidYouMean(string name, IReadOnlyList<string> allowed) => $" Did you mean {NearestNames.To(name, allowed, 1)[0]}?";

    // Negative numbers are values, and so are formulas that begin with a minus, as in -Abs(x).
    private static bool IsOption(string argument) => argument.StartsWith(EndOfOptions, StringComparison.Ordinal) || ShortName().IsMatch(NameOf(argument));

    private static string NameOf(string argument) => argument.Split('=', ':')[0];

    [GeneratedRegex("^-[A-Za-z][A-Za-z0-9-]*$")]
    private static partial Regex ShortName();

    [GeneratedRegex("^Cannot parse argument '(?<value>.*)' for option '(?<option>.*)' as expected type '(?<type>.*)'", RegexOptions.Singleline)]
    private static partial Regex NoValue();
}
