namespace MbpoML.Mujoco.Checks;

/// <summary>Sizes that a model asks for in numbers rather than by what it contains.</summary>
internal sealed class ModelSize
{
    // MuJoCo compares each element with each other: more than this takes it many minutes.
    private const int MaxElements = 100_000;
    private const double MaxSize = 100_000_000;
    private const int MaxKeyframes = 10_000;

    private static readonly Dictionary<string, Dictionary<string, double>> Limits = new(StringComparer.Ordinal)
    {
        ["skin"] = new(StringComparer.Ordinal) { ["subgrid"] = 100 },
        ["numeric"] = new(StringComparer.Ordinal) { ["size"] = MaxSize },
        ["user"] = new(StringComparer.Ordinal) { ["dim"] = 1_000_000 },
        ["global"] = new(StringComparer.Ordinal) { ["offwidth"] = 65536, ["offheight"] = 65536 },
        ["quality"] = new(StringComparer.Ordinal)
        {
            ["shadowsize"] = 65536,
            ["offsamples"] = 1024,
            ["numslices"] = 10_000,
            ["numstacks"] = 10_000,
            ["numquads"] = 10_000
        },
    };

    private readonly double _elements;

    /// <exception cref="MujocoException">There are too many.</exception>
    public ModelSize(IEnumerable<(MjcfElement Element, long Copies)> elements)
    {
        foreach (var (element, copies) in elements)
            if ((_elements += copies) > MaxElements)
                throw element.Wrong(
                    $"makes the model larger than the {MaxElements} elements that are " +
                        $"allowed{(copies > 1 ? Invariant($": it is made {copies} times. Lower 'count'") : "")}.");
    }

    /// <summary>How many times an element is made, where what it stands in is made a number of times.</summary>
    public static long Copies(MjcfElement element, long around)
    {
        if (element["count"] is not { } count || !(element.Is("composite") || element.Is("flexcomp") || element.Is("replicate"))) return around;
        var product = MjcfNumbers.Integers(count).Take(3).Aggregate((double)around, (product, number) => product * Math.Max(1, number));
        return (long)Math.Min(product, int.MaxValue);
    }

    /// <exception cref="MujocoException">A size is beyond what is allowed.</exception>
    public void Check(MjcfElement element)
    {
        if (element.Is("size"))
            foreach (var attribute in element.Attributes.Keys) Check(element, attribute, attribute switch
            {
                "nkey" => Math.Min(MaxKeyframes, Math.Floor(MaxSize / _elements)),
                _ when attribute.StartsWith("nuser_", StringComparison.Ordinal) => Math.Floor(MaxSize / _elements),
                _ => MaxSize,
            });
        else if (Limits.TryGetValue(element.Name, out var limits))
            foreach (var (attribute, limit) in limits) Check(element, attribute, limit);
    }

    private static void Check(MjcfElement element, string attribute, double limit)
    {
        if (element[attribute] is { } value && MjcfNumbers.Size(value) > limit)
            throw element.Wrong(Invariant($"asks for {element.Written(attribute)}, but at most {limit} is allowed."));
    }
}
