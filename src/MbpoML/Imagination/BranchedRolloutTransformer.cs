using MbpoML.Acting;
using MbpoML.Data;
using MbpoML.Data.Views;
using MbpoML.Dynamics;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Imagination;

/// <summary>
/// Rolls out start states: k rows or fewer come out for each row that goes in, all columns of the transition contract, in the order of the steps.
/// </summary>
/// <remarks>
/// The column <see cref="TransitionColumns.EpisodeId"/> holds the index of the start row. Equal input gives equal output: each call draws from the same seed.
/// </remarks>
public sealed class BranchedRolloutTransformer : ITransformer
{
    private readonly IDynamicsModel _model;
    private readonly IPolicy _policy;
    private readonly BranchedRolloutEstimator.Options _options;
    private readonly int _seed;

    internal BranchedRolloutTransformer(IDynamicsModel model, IPolicy policy, BranchedRolloutEstimator.Options options, int seed, DataViewSchema inputSchema)
    {
        (_model, _policy, _options, _seed) = (model, policy, options, seed);
        ImaginedTransitions.RequireFit(policy, model);
        CheckInput(inputSchema);
    }

    /// <summary>False: a start state becomes several transitions.</summary>
    public bool IsRowToRowMapper => false;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The observation column is missing.</exception>
    /// <exception cref="ArgumentException">It has another type or size.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        CheckInput(inputSchema);
        return ImaginedTransitions.SchemaOf(_model.Layout, _options.Columns);
    }

    /// <summary>Rolls out every row's start state. The result is computed at once and kept in memory.</summary>
    /// <param name="input">Start states in the observation column.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing.</exception>
    /// <exception cref="ArgumentException">The column has another type or size, there is no row, or a value is not finite.</exception>
    /// <exception cref="LearningException">The model predicted a value that is not finite.</exception>
    /// <exception cref="InvalidOperationException">A function gave something else than one value a row, or a reward that is not finite.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        CheckInput(input.Schema);
        using var threads = TorchThreads.Use(1);
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)_seed, CPU);
        var imagined = new ImaginedEnvironment(_model, _options.Termination, _options.Reward, _options.Propagation);
        var (rows, episodes) = ImaginedTransitions.Of(
            new BranchedRolloutGenerator(imagined, _options.Rule?.ForRun()), TransitionReader.ReadVectors(input, _options.Columns.Observation), _options.Length,
            _model.Layout.Width, _policy, generator);
        using var table = new TransitionTable(_model.Layout, rows);
        return table.ToDataView(_options.Columns, episodes);
    }

    /// <summary>Not available: this transformer makes rows rather than mapping them.</summary>
    /// <param name="inputSchema">The columns of a view; not looked at.</param>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) =>
        throw new InvalidOperationException("A rollout turns one start state into several transitions, so a row-to-row mapper cannot do it. Use Transform.");

    /// <summary>Not available: save the policy and the transitions instead.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    void ICanSaveModel.Save(ModelSaveContext ctx) =>
        throw new NotSupportedException(
            "Rollouts are not saved as a model. Save the policy (mlContext.Model.Save) and, if wanted, the imagined transitions " +
                "(mlContext.Data.SaveAsBinary).");

    private void CheckInput(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var name = _options.Columns.Observation;
        var size = RowField.Vector(inputSchema, name, 0).Width;
        if (size != _policy.ObservationSize)
            throw new ArgumentException(
                Invariant($"Column '{name}' has {size} values a row, but the policy and the model take {_policy.ObservationSize}."), nameof(inputSchema));
    }
}
