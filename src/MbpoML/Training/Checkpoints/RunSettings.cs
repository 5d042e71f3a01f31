using System.Globalization;
using System.Reflection;
using MbpoML.Components;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Training.Presets;

namespace MbpoML.Training.Checkpoints;

/// <summary>
/// What a run was started with, as text by name, so that a resumed run can be told how it differs. New options count unless marked otherwise.
/// </summary>
internal sealed class RunSettings
{
    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);
    // What the options were before anybody set them: of a checkpoint that is older than an option, which is by default what was done before.
    private readonly SortedDictionary<string, string> _defaults = new(StringComparer.Ordinal);

    /// <param name="environment">The task.</param>
    /// <param name="options">The options of the trainer.</param>
    /// <param name="stages">The stages by what they are for, such as "policy". The options of those that are an <see cref="IStage"/> count.</param>
    public RunSettings(IEnvironment environment, object options, IReadOnlyDictionary<string, object> stages)
    {
        AddTask("environment", environment.ObservationSpace.Size, environment.ActionSpace);
        Add(options, stages);
    }

    /// <param name="log">What is learned from, as text by which it is known again.</param>
    /// <param name="observationSize">Dimensions of an observation.</param>
    /// <param name="actionSpace">The actions of the policy.</param>
    /// <param name="options">The options of the trainer.</param>
    /// <param name="stages">The stages by what they are for.</param>
    public RunSettings(string log, int observationSize, BoxSpace actionSpace, object options, IReadOnlyDictionary<string, object> stages)
    {
        _values["log: content"] = log;
        AddTask("log", observationSize, actionSpace);
        Add(options, stages);
    }

    /// <summary>The values by name, as in "MbpoTrainer.Options.EpochLength".</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    public static string ToText(IReadOnlyDictionary<string, string> settings) =>
        string.Join('\n', settings.Select(setting => $"{setting.Key} = {setting.Value}"));

    /// <summary>Compares with what a checkpoint says.</summary>
    /// <param name="saved">What <see cref="ToText"/> gave for the run that was stopped.</param>
    /// <returns>A sentence for each difference.</returns>
    public IReadOnlyList<string> Differences(string saved)
    {
        var before = saved.Split('\n').Select(line => line.Split(" = ", 2)).Where(parts => parts.Length == 2).GroupBy(parts => parts[0])
            .ToDictionary(group => group.Key, group => group.First()[1]);
        foreach (var (name, value) in _defaults) before.TryAdd(name, value);
        return
        [
            .. _values.Keys.Union(before.Keys).Where(name => _values.GetValueOrDefault(name) != before.GetValueOrDefault(name))
                .Select(name => $"{name} was {before.GetValueOrDefault(name) ?? "not there"} and is {_values.GetValueOrDefault(name) ?? "not there"}"),
        ];
    }

    private void AddTask(string what, int observationSize, BoxSpace actionSpace)
    {
        _values[$"{what}: observations"] = observationSize.ToString(CultureInfo.InvariantCulture);
        _values[$"{what}: lowest actions"] = OptionText.Of(actionSpace.Low.ToArray());
        _values[$"{what}: highest actions"] = OptionText.Of(actionSpace.High.ToArray());
    }

    private void Add(object options, IReadOnlyDictionary<string, object> stages)
    {
        Add(options);
        foreach (var (name, stage) in stages)
        {
            _values[name] = stage.GetType().FullName ?? OptionText.None;
            if (stage is IStage known) Add(known.Options);
        }
    }

    private void Add(object options)
    {
        var type = options.GetType();
        Add(_values, type, options);
        if (type.GetConstructor([]) is not null) Add(_defaults, type, Activator.CreateInstance(type)!);
    }

    // Named by the class that has them.
    private static void Add(SortedDictionary<string, string> settings, Type type, object options)
    {
        var owner = type.DeclaringType is { } outer ? $"{outer.Name}.{type.Name}" : type.Name;
        foreach (var property in type.GetProperties())
            if (property.CanWrite && property.GetCustomAttribute<MayChangeOnResumeAttribute>() is null)
                settings[$"{owner}.{property.Name}"] = OptionText.Of(property.GetValue(options));
    }
}
