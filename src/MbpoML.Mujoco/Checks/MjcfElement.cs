namespace MbpoML.Mujoco.Checks;

/// <summary>An element of an MJCF file as MuJoCo's own XML parser reads it.</summary>
/// <param name="name">Its name.</param>
/// <param name="file">The file that it stands in, for messages.</param>
/// <param name="line">The line of its beginning, from 1.</param>
internal sealed class MjcfElement(string name, string file, int line)
{
    private const int MaxWritten = 60;

    private readonly Dictionary<string, string> _attributes = new(StringComparer.Ordinal);

    public string Name => name;

    public string File => file;

    public int Line => line;

    public List<MjcfElement> Children { get; } = [];

    public IReadOnlyDictionary<string, string> Attributes => _attributes;

    /// <summary>The value of an attribute, or null where it is not given.</summary>
    public string? this[string attribute] => _attributes.GetValueOrDefault(attribute);

    /// <summary>False where the attribute is there already.</summary>
    public bool TryAdd(string attribute, string value) => _attributes.TryAdd(attribute, value);

    public bool Is(string name) => Name == name;

    public bool Has(string attribute, string value) => this[attribute] == value;

    /// <summary>An attribute as it is written, for messages.</summary>
    public string Written(string attribute) => $"{attribute}=\"{Shortened(this[attribute] ?? "")}\"";

    /// <summary>The error that this element is: where it stands comes first, then what is wrong.</summary>
    public MujocoException Wrong(string what) =>
        new(Invariant($"{File}, line {Line}: <{Name}{(this["name"] is { } title ? $" name=\"{Shortened(title)}\"" : "")}> {what}"));

    private static string Shortened(string value) => value.Length <= MaxWritten ? value : value[..MaxWritten] + "...";
}
