namespace MbpoML.Architecture.Tests;

/// <summary>The rules among the folders of an assembly, on the edges between its types. A namespace is a folder, as an analyzer says.</summary>
public static class FolderRules
{
    /// <summary>The folder of a type below the root namespace, with dots, such as <c>Training.Metrics</c>; empty for the root itself.</summary>
    public static string FolderOf(string type, string root)
    {
        var folder = type[..type.LastIndexOf('.')];
        return folder == root ? "" : folder[(root.Length + 1)..];
    }

    /// <summary>The room of a folder: its first part.</summary>
    public static string RoomOf(string folder) => folder.Split('.')[0];

    /// <summary>The edges from a room to one that stands later in the order, or to one that is not in it.</summary>
    /// <param name="edges">Edges between types.</param>
    /// <param name="root">The root namespace.</param>
    /// <param name="order">The rooms, the lowest first.</param>
    public static IReadOnlyList<TypeEdge> AgainstTheFlow(IEnumerable<TypeEdge> edges, string root, IReadOnlyList<string> order)
    {
        var place = order.Index().ToDictionary(room => room.Item, room => room.Index);
        return [.. edges.Where(edge => Place(edge.To) > Place(edge.From))];

        int Place(string type) => place[RoomOf(FolderOf(type, root))];
    }

    /// <summary>The groups of folders that know one another in a circle. A folder and its descendants may.</summary>
    /// <param name="edges">Edges between types.</param>
    /// <param name="root">The root namespace.</param>
    /// <returns>Each circle with the edges in it.</returns>
    public static IReadOnlyList<string> Cycles(IEnumerable<TypeEdge> edges, string root)
    {
        var between = edges.Select(edge => (From: FolderOf(edge.From, root), To: FolderOf(edge.To, root), Edge: edge))
            .Where(edge => !AreFamily(edge.From, edge.To)).ToList();
        var known = between.ToLookup(edge => edge.From, edge => edge.To);
        var reached = between.Select(edge => edge.From).Distinct().ToDictionary(folder => folder, folder => Reach(folder, known));
        return
        [
            .. reached.Keys.Where(folder => reached[folder].Contains(folder)).GroupBy(
                    folder => string.Join(", ",
                        reached[folder].Where(other => reached.GetValueOrDefault(other)?.Contains(folder) == true).Order(StringComparer.Ordinal)))
                .Select(
                    circle =>
                        $"{circle.Key}: " +
                            $"{string.Join("; ", between.Where(edge => circle.Contains(edge.From) && circle.Contains(edge.To)).Select(edge => edge.Edge))}"),
        ];
    }

    private static bool AreFamily(string one, string other) =>
        one == other || one.Length == 0 || other.Length == 0 || one.StartsWith(other + ".", StringComparison.Ordinal) ||
            other.StartsWith(one + ".", StringComparison.Ordinal);

    private static HashSet<string> Reach(string folder, ILookup<string, string> known)
    {
        var (reached, open) = (new HashSet<string>(), new Stack<string>([folder]));
        while (open.TryPop(out var next))
            foreach (var other in known[next].Where(reached.Add)) open.Push(other);
        return reached;
    }
}
