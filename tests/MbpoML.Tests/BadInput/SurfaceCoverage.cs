using System.Reflection;
using System.Runtime.CompilerServices;

namespace MbpoML.Tests.BadInput;

/// <summary>
/// Holds the table of bad input and the list of members that take none against the public surface: every member stands in one of them, and nothing else does.
/// </summary>
internal static class SurfaceCoverage
{
    public static void Verify(Assembly assembly, IReadOnlyCollection<BadCase> table, IReadOnlyDictionary<string, string> without)
    {
        var members = PublicSurface.Members(assembly).ToHashSet();
        var tested = table.Select(row => row.Member).ToHashSet();
        Assert.Multiple(() =>
        {
            None(members.Where(member => !tested.Contains(member) && !IsListed(member, without)),
                "Public members without a row of bad input: add one, or say in MembersWithoutBadInput why they take none");
            None(tested.Where(member => !members.Contains(member)), "Rows of members that are not there any more");
            None(without.Keys.Where(name => !members.Any(member => Covers(name, member))), "Listed members that are not there any more");
            None(PublicSurface.Required(assembly).Where(required => !IsListed(required.Member, without) && !table.Any(row => IsNullFor(row, required)))
                .Select(required => $"{required.Member}: {required.Argument}"),
                "What may not be null, but has no row that gives null and is told its name");
            None(Undocumented(assembly, table), "Exceptions that the member's documentation does not name");
            // Of anything else a new member could slip through.
            None(
                without.Keys.Where(
                    name => IsWholeType(name) && !assembly.GetExportedTypes().Any(type => PublicSurface.Name(type) == name[..^2] && MayStandWhole(type))),
                "Whole types that are neither interfaces nor records nor exceptions: list their members");
            None(without.Keys.Where(tested.Contains), "Members that are listed as taking no bad input but have a row");
        });
    }

    // All of them in one message: whoever adds members wants the whole list.
    private static void None(IEnumerable<string> members, string what) => Assert.That(members, Is.Empty, () => $"{what}:\n{string.Join('\n', members)}");

    // Two go without saying: ArgumentNullException where null is not allowed, and ObjectDisposedException after Dispose. What an option may be, the option
    // says, and what only an interface shows, the interface.
    private static IEnumerable<string> Undocumented(Assembly assembly, IEnumerable<BadCase> table)
    {
        var documented = new DocumentedExceptions(assembly);
        return
        [
            .. from called in PublicSurface.Called(assembly)
               join row in table on called.Member equals row.Member
               where !called.Method.IsPrivate && row.Exception != typeof(ArgumentNullException) && row.Exception != typeof(ObjectDisposedException) &&
                   !documented.Names(called.Method, row.Exception)
               group row by $"{row.Member}: {row.Exception.Name}" into missing
               select missing.Key,
        ];
    }

    // "any ..." stands for null too: what is given makes no difference there.
    private static bool IsNullFor(BadCase row, (string Member, string Argument) required) => row.Member == required.Member
        && (row.What.StartsWith("any ", StringComparison.Ordinal)
            || ((row.Exception == typeof(ArgumentNullException) || row.What.Contains("null", StringComparison.Ordinal)) &&
                row.Message.Any(fragment => IsNamed(required.Argument, fragment))));

    private static bool IsNamed(string argument, string fragment) => fragment.Contains(argument, StringComparison.OrdinalIgnoreCase);

    private static bool IsWholeType(string name) => name.EndsWith(".*", StringComparison.Ordinal);

    // A record prints itself by a method that the compiler writes.
    private static bool MayStandWhole(Type type) => type.IsInterface || type.IsSubclassOf(typeof(Exception))
        || type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance)?.IsDefined(typeof(CompilerGeneratedAttribute)) == true;

    private static bool IsListed(string member, IReadOnlyDictionary<string, string> without) => without.Keys.Any(name => Covers(name, member));

    // "EpochMetrics.*" stands for all of a type: its constructors and members.
    private static bool Covers(string name, string member) =>
        name == member ||
            (IsWholeType(name) && (member.StartsWith(name[..^1], StringComparison.Ordinal) || member.StartsWith(name[..^2] + "(", StringComparison.Ordinal)));
}
