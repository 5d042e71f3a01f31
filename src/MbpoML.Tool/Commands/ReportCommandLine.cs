using System.Globalization;
using System.Text.RegularExpressions;
using MbpoML.Experiments.Reports;

namespace MbpoML.Tool.Commands;

/// <summary>The command that makes the tables of one task again, to stand above them.</summary>
internal static partial class ReportCommandLine
{
    /// <summary>The command.</summary>
    /// <param name="task">The runs, whose places are named; a folder stands for all seeds in it.</param>
    /// <param name="every">The steps between two rows that were asked for; null for the default.</param>
    /// <param name="published">The published curves that were asked for; null for the default.</param>
    /// <param name="threshold">The threshold that was asked for; null for the default.</param>
    public static string Of(TaskRuns task, int? every, IReadOnlyList<string>? published, double? threshold)
    {
        string[] words =
        [
            "mbpo", "report", .. task.Runs.Select(run => PlaceOf(run.Place)).Distinct().Select(ShellText.Quoted),
            .. every is { } steps ? ["--every", steps.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>(),
            .. published is not null ? [PublishedOption.Name, string.Join(',', published)] : Array.Empty<string>(),
            .. threshold is { } value ? ["--threshold", value.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>(),
        ];
        return string.Join(' ', words);
    }

    private static string PlaceOf(string place)
    {
        var slashed = Path.TrimEndingDirectorySeparator(place).Replace('\\', '/');
        return Seed().Match(slashed) is { Success: true } match ? match.Groups["folder"].Value : slashed;
    }

    [GeneratedRegex(@"^(?<folder>.+)/seed-\d+(\.csv)?$", RegexOptions.Singleline)]
    private static partial Regex Seed();
}
