namespace MbpoML.Training.Presets;

/// <summary>The settings of an algorithm and of its stages, together, whose options can be set and told by their names.</summary>
public abstract class AlgorithmPreset
{
    private protected AlgorithmPreset()
    {
    }

    /// <summary>The settings of the run.</summary>
    public abstract TrainingOptions TrainerOptions { get; }

    /// <summary>γ of the policy learner.</summary>
    public abstract double Discount { get; }

    /// <summary>Sets the threads of the stages that can use several.</summary>
    /// <param name="workers">The number of threads, 1 or 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is another number.</exception>
    public abstract void UseWorkers(int workers);

    /// <summary>A copy that later changes by the caller leave alone.</summary>
    /// <exception cref="ArgumentException">A part is null, or an option out of range.</exception>
    public abstract AlgorithmPreset CopyPreset();

    /// <summary>Every option that text can say.</summary>
    internal abstract IReadOnlyList<PresetOption> Options { get; }

    internal abstract void Validate();

    /// <summary>Sets one option by its name, as a command line or a file of settings does: <c>preset.Set("Policy.LearningRate", "3e-4")</c>.</summary>
    /// <param name="path">The stage (Trainer, Dynamics, Rollouts or Policy) and the option, whatever the case; an option that only one of them has may stand
    /// without; options of checkpoints are one further down, as in "Trainer.Checkpoints.Keep".</param>
    /// <param name="value">
    /// Numbers with a point; true or false; names of an enumeration; times as hours:minutes:seconds; lists as "[64, 64]"; schedules as the call that makes
    /// them, "Linear(20, 150, 1, 15)", or rules, "BhattacharyyaGate(Factor 30, Quantile 0.9)". Empty, or "null", for an option that may be null. What only code
    /// can give, such as a reward function, can so be taken away.
    /// </param>
    /// <exception cref="ArgumentException">There is no such option, and the message names the nearest; or there are several; or the text is no value of it; or
    /// a part of the preset is null. Whether the value can be used is checked by the stage.</exception>
    public void Set(string path, string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(TrainerOptions, "Trainer");
        if (path.StartsWith($"Trainer.{nameof(TrainingOptions.Checkpoints)}.", StringComparison.OrdinalIgnoreCase))
            TrainerOptions.Checkpoints ??= new Checkpointing();
        PresetOption.Find(Options, path).Set(value);
    }

    /// <summary>Sets one option by an assignment, <c>preset.Set("Policy.LearningRate=3e-4")</c>; see <see cref="Set(string, string)"/>.</summary>
    /// <param name="assignment">The path of an option, "=" and its value.</param>
    /// <exception cref="ArgumentException">There is no '=', no such option, or the text is no value of it.</exception>
    public void Set(string assignment)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(assignment);
        if (assignment.Split('=', 2) is not [var path, var value])
            throw new ArgumentException($"'{assignment}' is no assignment; write Stage.Option=Value, as in Policy.LearningRate=3e-4.", nameof(assignment));
        Set(path.Trim(), value.Trim());
    }

    /// <summary>Every option that text can say, by its path, with a value that <see cref="Set(string, string)"/> takes back.</summary>
    /// <exception cref="ArgumentNullException">A part of the preset is null.</exception>
    public IReadOnlyDictionary<string, string> Describe() => Options.ToDictionary(option => option.Path, option => option.Text);

    /// <summary>
    /// The options of <see cref="Describe"/> that decide what a run learns: without steps, seeds, devices, threads and checkpoints, which a resumed run may
    /// change.
    /// </summary>
    /// <exception cref="ArgumentNullException">A part of the preset is null.</exception>
    public IReadOnlyDictionary<string, string> DescribeWhatCounts() =>
        Options.Where(option => !option.MayChangeOnResume).ToDictionary(option => option.Path, option => option.Text);

    /// <summary>The whole path of an option whose stage may be left out, in the case of the code.</summary>
    /// <param name="path">The option, as <see cref="Set(string, string)"/> takes it.</param>
    /// <exception cref="ArgumentException">There is no such option, and the message names the nearest; or there are several.</exception>
    public string PathOf(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return PresetOption.Find(Options, path).Path;
    }
}
