using MbpoML.Acting;
using MbpoML.Data;
using MbpoML.Data.Views;
using MbpoML.Dynamics;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Imagination;

/// <summary>
/// Imagines whole episodes: all columns of the transition contract come out, each episode's rows together, as an environment would have given them.
/// </summary>
/// <remarks>
/// The column <see cref="TransitionColumns.EpisodeId"/> numbers the episodes from 0. Equal input gives equal output: each call draws from the same seed.
/// </remarks>
public sealed class EpisodeRolloutTransformer : ITransformer
{
    private const int DefaultResets = 100;

    private readonly IDynamicsModel _model;
    private readonly IPolicy _policy;
    private readonly EpisodeRolloutEstimator.Options _options;
    private readonly int _seed;

    internal EpisodeRolloutTransformer(IDynamicsModel model, IPolicy policy, EpisodeRolloutEstimator.Options options, int seed, DataViewSchema inputSchema)
    {
        (_model, _policy, _options, _seed) = (model, policy, options, seed);
        ImaginedTransitions.RequireFit(policy, model);
        CheckInput(inputSchema);
    }

    /// <summary>False: a start state becomes many transitions.</summary>
    public bool IsRowToRowMapper => false;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing.</exception>
    /// <exception cref="ArgumentException">It has another type or size.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        CheckInput(inputSchema);
        return ImaginedTransitions.SchemaOf(_model.Layout, _options.Columns);
    }

    /// <summary>Imagines the episodes. The result is computed at once and kept in memory.</summary>
    /// <param name="input">Where the episodes begin, as <see cref="EpisodeRolloutEstimator.Options.Starts"/> says.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing.</exception>
    /// <exception cref="ArgumentException">A column has another type or size, there is no row, or a value is not finite.</exception>
    /// <exception cref="LearningException">The model predicted a value that is not finite.</exception>
    /// <exception cref="InvalidOperationException">A function gave something else than one value a row, or a reward that is not finite.</exception>
    /// <exception cref="EnvironmentException">A reset of the environment failed.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        CheckInput(input.Schema);
        using var threads = TorchThreads.Use(1);
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)_seed, CPU);
        var imagined = new ImaginedEnvironment(_model, _options.Termination, _options.Reward, _options.Propagation);
        var (rows, episodes) = ImaginedTransitions.Of(
            new BranchedRolloutGenerator(imagined, rule: null), Starts(input, generator), _options.Length, _model.Layout.Width, _policy, generator);
        return ByEpisode(rows, episodes);
    }

    /// <summary>Not available: this transformer makes rows rather than mapping them.</summary>
    /// <param name="inputSchema">The columns of a view; not looked at.</param>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) =>
        throw new InvalidOperationException("An episode turns one start state into many transitions, so a row-to-row mapper cannot do it. Use Transform.");

    /// <summary>Not available: save the policy and the transitions instead.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException(
        "Imagined episodes are not saved as a model. Save the policy (mlContext.Model.Save) and, if wanted, the imagined transitions " +
            "(mlContext.Data.SaveAsBinary).");

    // Rows come step by step, over all episodes.
    private DenseDataView ByEpisode(Tensor rows, int[] episodes)
    {
        var order = Enumerable.Range(0, episodes.Length).OrderBy(row => episodes[row]).Select(row => (long)row).ToArray();
        using var table = new TransitionTable(_model.Layout, rows.index_select(0, tensor(order)));
        return table.ToDataView(_options.Columns, Array.ConvertAll(order, row => episodes[row]));
    }

    private Tensor Starts(IDataView input, Generator generator)
    {
        var states = _options.Starts switch
        {
            StartStates.Resets => EpisodeBeginnings.Draw(_options.Environment!.Guarded(), _options.Episodes ?? DefaultResets, _seed),
            StartStates.Episodes => Beginnings(input),
            _ => TransitionReader.ReadVectors(input, _options.Columns.Observation),
        };
        if (_options.Starts == StartStates.Resets || _options.Episodes is not { } count) return states;
        return states.index_select(0, randint(states.size(0), [count], ScalarType.Int64, generator: generator));
    }

    private Tensor Beginnings(IDataView input)
    {
        using var table = TransitionReader.Read(input, _options.Columns);
        using var first = EpisodeNumbers.Beginnings(table.Layout, table.Rows);
        return table.Layout.Observation(table.Rows).index_select(0, first);
    }

    private void CheckInput(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        if (_options.Starts == StartStates.Resets) return;
        if (_options.Starts == StartStates.Episodes && TransitionReader.ReadLayout(inputSchema, _options.Columns) is var layout && layout != _model.Layout)
            throw new ArgumentException(
                Invariant($"The transitions have {layout.ObservationSize} observations and {layout.ActionSize} actions, but the policy ") +
                    Invariant($"{_model.Layout.ObservationSize} and {_model.Layout.ActionSize}."), nameof(inputSchema));
        var size = RowField.Vector(inputSchema, _options.Columns.Observation, 0).Width;
        if (size != _model.Layout.ObservationSize)
            throw new ArgumentException(
                Invariant($"Column '{_options.Columns.Observation}' has {size} values a row, but the policy takes {_model.Layout.ObservationSize}."),
                nameof(inputSchema));
    }
}
