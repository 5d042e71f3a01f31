using System.Globalization;
using System.Reflection;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Training.PresetText;

namespace MbpoML.Training.Checkpoints;

/// <summary>What a run was started with, as text by name, so that a resumed run can be told how it differs. New options count unless marked otherwise.</summary>
internal static class RunSettings
{
    /// <summary>The settings of a run.</summary>
    /// <param name="environment">The task.</param>
    /// <param name="options">The options of the trainer.</param>
    /// <param name="stages">The stages by what they are for, such as "policy". The options of those that are an <see cref="IStage"/> count.</param>
    public static IReadOnlyDictionary<string, string> Of(IEnvironment environment, object options, IReadOnlyDictionary<string, object> stages)
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["environment: observations"] = environment.ObservationSpace.Size.ToString(CultureInfo.InvariantCulture),
            ["environment: lowest actions"] = OptionText.Of(environment.ActionSpace.Low.ToArray()),
            ["environment: highest actions"] = OptionText.Of(environment.ActionSpace.High.ToArray()),
        };
        Add(settings, options);
        foreach (var (name, stage) in stages)
        {
            settings[name] = stage.GetType().FullName ?? OptionText.None;
            if (stage is IStage known) Add(settings, known.Options);
        }

        return settings;
    }

    public static string ToText(IReadOnlyDictionary<string, string> settings) => string.Join('\n', settings.Select(setting => $"{setting.Key} = {setting.Value}"));

    /// <summary>Compares with what a checkpoint says.</summary>
    /// <param name="settings">Of the run that is to go on.</param>
    /// <param name="saved">What <see cref="ToText"/> gave for the run that was stopped.</param>
    /// <returns>A sentence for each difference.</returns>
    public static IReadOnlyList<string> Differences(IReadOnlyDictionary<string, string> settings, string saved)
    {
        var before = saved.Split('\n').Select(line => line.Split(" = ", 2)).Where(parts => parts.Length == 2).GroupBy(parts => parts[0])
            .ToDictionary(group => group.Key, group => group.First()[1]);
        return
        [
            .. settings.Keys.Union(before.Keys).Where(name => settings.GetValueOrDefault(name) != before.GetValueOrDefault(name))
                .Select(name => $"{name} was {before.GetValueOrDefault(name) ?? "not there"} and is {settings.GetValueOrDefault(name) ?? "not there"}"),
        ];
    }

    // Named by the class that has them, as in "MbpoTrainer.Options.Steps".
    private static void Add(SortedDictionary<string, string> settings, object options)
    {
        var type = options.GetType();
        var owner = type.DeclaringType is { } outer ? $"{outer.Name}.{type.Name}" : type.Name;
        foreach (var property in type.GetProperties())
            if (property.CanWrite && property.GetCustomAttribute<MayChangeOnResumeAttribute>() is null) settings[$"{owner}.{property.Name}"] = OptionText.Of(property.GetValue(options));
    }
}
