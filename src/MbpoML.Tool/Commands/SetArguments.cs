namespace MbpoML.Tool.Commands;

/// <summary>
/// What stands behind <c>--set</c> and <c>--published</c>: settings and names, but not the task or the runs that may follow them.
/// </summary>
internal static class SetArguments
{
    private const string Set = "--set";

    /// <summary>Puts what is no setting, because it has no '=', where it belongs: behind the names of the commands.</summary>
    /// <param name="args">The whole command line.</param>
    /// <returns>The same arguments; what follows <c>--set</c> at once stays even without a '=', for there it is meant as a setting.</returns>
    public static string[] InOrder(IReadOnlyList<string> args)
    {
        var (kept, moved) = (new List<string>(), new List<string>());
        var isSet = false;
        for (var index = 0; index < args.Count; index++)
        {
            var argument = args[index];
            if (argument == "--") return InOrder(kept, moved, args.Skip(index));
            if (argument.StartsWith('-')) isSet = argument.Split('=', ':')[0] == Set;
            var isMisplaced = isSet ? !argument.Contains('=', StringComparison.Ordinal) && argument != Set && args[index - 1] != Set
                : index > 0 && args[index - 1] == PublishedOption.Name && !argument.StartsWith('-') && !PublishedOption.IsValue(argument);
            (isMisplaced ? moved : kept).Add(argument);
        }

        return InOrder(kept, moved, []);
    }

    private static string[] InOrder(IReadOnlyList<string> kept, IReadOnlyList<string> moved, IEnumerable<string> rest)
    {
        var names = kept.TakeWhile(argument => !argument.StartsWith('-')).Count();
        return [.. kept.Take(names), .. moved, .. kept.Skip(names), .. rest];
    }
}
