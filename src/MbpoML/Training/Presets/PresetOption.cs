using System.Reflection;
using MbpoML.Numerics;

namespace MbpoML.Training.Presets;

/// <summary>One option of a preset that text can say.</summary>
/// <param name="Path">Stage and name, as in "Policy.LearningRate".</param>
/// <param name="Property">The property.</param>
/// <param name="Owner">The options that it belongs to.</param>
internal sealed record PresetOption(string Path, PropertyInfo Property, object Owner)
{
    private static readonly NullabilityInfoContext Nullability = new();
    private static readonly Lock NullabilityLock = new();

    /// <summary>The options of several owners, in the order in which they are written in the code.</summary>
    /// <param name="owners">The objects that hold the options, by the first word of their paths, such as "Policy".</param>
    /// <exception cref="ArgumentNullException">An owner is null.</exception>
    public static IReadOnlyList<PresetOption> Of(params IEnumerable<(string Path, object Options)> owners) =>
        [.. owners.SelectMany(owner => Under(owner.Path, owner.Options))];

    /// <summary>An option by its path, or by its name where only one has it, whatever the case.</summary>
    /// <param name="options">All.</param>
    /// <param name="path">Stage and name.</param>
    /// <exception cref="ArgumentException">There is no such option, and the message names the nearest; or there are several.</exception>
    public static PresetOption Find(IReadOnlyList<PresetOption> options, string path)
    {
        PresetOption[] named = [.. options.Where(option => option.Path.Equals(path, StringComparison.OrdinalIgnoreCase))];
        if (named.Length == 0) named = [.. options.Where(option => option.Property.Name.Equals(path, StringComparison.OrdinalIgnoreCase))];
        return named switch
        {
            [var option] => option,
            [] => throw new ArgumentException($"There is no option '{path}'. The nearest: {string.Join(", ", Nearest(path, options))}.", nameof(path)),
            _ => throw new ArgumentException(
                $"There are several options '{path}'. Write one of them with its stage: {string.Join(", ", named.Select(option => option.Path))}.",
                nameof(path)),
        };
    }

    // One may forget the stage.
    private static IEnumerable<string> Nearest(string path, IReadOnlyList<PresetOption> options) => path.Contains('.', StringComparison.Ordinal)
        ? NearestNames.To(path, options.Select(option => option.Path))
        : NearestNames.To(path, options.Select(option => option.Property.Name).Distinct())
            .SelectMany(name => options.Where(option => option.Property.Name == name)).Select(option => option.Path);

    public string Text => OptionText.Of(Property.GetValue(Owner));

    /// <summary>Whether a run that is resumed may have another value.</summary>
    public bool MayChangeOnResume => Property.GetCustomAttribute<MayChangeOnResumeAttribute>() is not null || Owner is Checkpointing;

    /// <exception cref="ArgumentException">The text is no value of the option; the message says what one looks like.</exception>
    public void Set(string text)
    {
        if (text.Length == 0 || text == OptionText.None) Property.SetValue(Owner, MayBeNull ? null : throw Refused(text, "it must have a value"));
        else if (OptionText.IsReadable(Property.PropertyType)) Property.SetValue(Owner, Read(text));
        else if (text != Text) throw Refused(text, $"it is {Text} and can be given in code only; nothing after the '=' takes it away");
    }

    private bool MayBeNull
    {
        get
        {
            lock (NullabilityLock) return Nullability.Create(Property).WriteState == NullabilityState.Nullable;
        }
    }

    private object Read(string text)
    {
        try
        {
            return OptionText.Read(Property.PropertyType, text);
        }
        catch (FormatException exception)
        {
            throw Refused(text, exception.Message);
        }
    }

    private ArgumentException Refused(string text, string reason) => new($"{Path} cannot be '{text}': {reason}.");

    private static IEnumerable<PresetOption> Under(string path, object options)
    {
        ArgumentNullException.ThrowIfNull(options, path);
        foreach (var property in options.GetType().GetProperties())
        {
            var name = $"{path}.{property.Name}";
            if (property.PropertyType == typeof(Checkpointing))
                foreach (var part in property.GetValue(options) is { } checkpoints ? Under(name, checkpoints) : []) yield return part;
            else if (OptionText.IsReadable(property.PropertyType) || IsRule(property)) yield return new PresetOption(name, property, options);
        }
    }

    // Functions of the task, such as its reward: text cannot make them, but can say that they are there and take them away. Where a run reports to is none.
    private static bool IsRule(PropertyInfo property) => property.PropertyType.IsInterface && property.GetCustomAttribute<MayChangeOnResumeAttribute>() is null;
}
