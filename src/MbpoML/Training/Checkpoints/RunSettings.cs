using System.Globalization;
using System.Reflection;
using MbpoML.Dynamics;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Policies;
using MbpoML.Rollouts;
using MbpoML.Training.PresetText;
using Microsoft.ML;

namespace MbpoML.Training.Checkpoints;

/// <summary>What a run was started with, as text by name, so that a resumed run can be told how it differs. New options count unless marked otherwise.</summary>
internal static class RunSettings
{
    // What the options were before anybody set them: of a checkpoint that is older than an option, which is by default what was done before.
    private static readonly SortedDictionary<string, string> Defaults = DefaultOptions();

    /// <summary>The settings of a run.</summary>
    public static IReadOnlyDictionary<string, string> Of(
        MbpoTrainer.Options options, IEnvironment environment, IEstimator<ITransformer> dynamics, BranchedRollouts rollouts, IPolicyEstimator policy)
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["environment: observations"] = environment.ObservationSpace.Size.ToString(CultureInfo.InvariantCulture),
            ["environment: lowest actions"] = OptionText.Of(environment.ActionSpace.Low.ToArray()),
            ["environment: highest actions"] = OptionText.Of(environment.ActionSpace.High.ToArray()),
            ["dynamics"] = dynamics.GetType().FullName ?? OptionText.None,
            ["policy"] = policy.GetType().FullName ?? OptionText.None,
        };
        Add(settings, "MbpoTrainer.Options", options);
        Add(settings, "BranchedRollouts.Options", rollouts.Settings);
        if (dynamics is ProbabilisticEnsembleTrainer ensemble) Add(settings, "ProbabilisticEnsembleTrainer.Options", ensemble.Settings);
        if (dynamics is BootstrapRegressionEstimator bootstrap) settings["dynamics: members"] = bootstrap.MemberCount.ToString(CultureInfo.InvariantCulture);
        if (policy is SoftActorCriticTrainer sac) Add(settings, "SoftActorCriticTrainer.Options", sac.Settings);
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
        foreach (var (name, value) in Defaults.Where(option => settings.ContainsKey(option.Key))) before.TryAdd(name, value);
        return
        [
            .. settings.Keys.Union(before.Keys).Where(name => settings.GetValueOrDefault(name) != before.GetValueOrDefault(name))
                .Select(name => $"{name} was {before.GetValueOrDefault(name) ?? "not there"} and is {settings.GetValueOrDefault(name) ?? "not there"}"),
        ];
    }

    private static SortedDictionary<string, string> DefaultOptions()
    {
        var defaults = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Add(defaults, "MbpoTrainer.Options", new MbpoTrainer.Options());
        Add(defaults, "BranchedRollouts.Options", new BranchedRollouts.Options());
        Add(defaults, "ProbabilisticEnsembleTrainer.Options", new ProbabilisticEnsembleTrainer.Options());
        Add(defaults, "SoftActorCriticTrainer.Options", new SoftActorCriticTrainer.Options());
        return defaults;
    }

    private static void Add(SortedDictionary<string, string> settings, string owner, object options)
    {
        foreach (var property in options.GetType().GetProperties())
            if (property.CanWrite && property.GetCustomAttribute<MayChangeOnResumeAttribute>() is null) settings[$"{owner}.{property.Name}"] = OptionText.Of(property.GetValue(options));
    }
}
