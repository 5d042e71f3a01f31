using System.Reflection;

namespace MbpoML.Tests.BadInput;

/// <summary>Holds the table of bad input and the list of members that take none against the public surface: every member stands in one of them, and nothing else does.</summary>
internal static class SurfaceCoverage
{
    public static void Verify(Assembly assembly, IEnumerable<BadCase> table, IReadOnlyDictionary<string, string> without)
    {
        var members = PublicSurface.Members(assembly).ToHashSet();
        var tested = table.Select(row => row.Member).ToHashSet();
        Assert.Multiple(() =>
        {
            Assert.That(members.Where(member => !tested.Contains(member) && !IsListed(member, without)), Is.Empty,
                "Public members without a row of bad input: add one, or say in MembersWithoutBadInput why they take none.");
            Assert.That(tested.Where(member => !members.Contains(member)), Is.Empty, "Rows of members that are not there any more.");
            Assert.That(without.Keys.Where(name => !members.Any(member => Covers(name, member))), Is.Empty, "Listed members that are not there any more.");
            Assert.That(without.Keys.Where(tested.Contains), Is.Empty, "Members that are listed as taking no bad input but have a row.");
        });
    }

    private static bool IsListed(string member, IReadOnlyDictionary<string, string> without) => without.Keys.Any(name => Covers(name, member));

    // "EpochMetrics.*" stands for all of a type: its constructors and members.
    private static bool Covers(string name, string member) =>
        name == member || (name.EndsWith(".*", StringComparison.Ordinal) && (member.StartsWith(name[..^1], StringComparison.Ordinal) || member.StartsWith(name[..^2] + "(", StringComparison.Ordinal)));
}
