using System.Runtime.InteropServices;
using MbpoML.Data;
using MbpoML.Data.Views;
using MbpoML.Dynamics.Compiled;
using MbpoML.Numerics.Torch;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Adapters;

/// <summary>
/// A fitted pipeline over a view of observations and actions whose rows are replaced at each call: by itself read once and computed in blocks, else by ML.NET.
/// </summary>
/// <remarks>Not safe for concurrent use.</remarks>
internal sealed class BoundPipeline
{
    private const int InitialCapacity = 1024;

    private readonly ITransformer _transformer;
    private readonly TransitionLayout _layout;
    private readonly TransitionColumns _columns;
    private readonly Func<DataViewSchema, IReadOnlyList<RowField>> _find;
    private readonly int _width;
    private readonly PipelineProgram? _program;
    private float[] _observations = [];
    private float[] _actions = [];
    private DenseDataView _input;
    private IDataView _output;
    private IReadOnlyList<RowField> _fields;

    /// <summary>Binds a transformer, which stays the caller's.</summary>
    /// <param name="transformer">Reads observation and action.</param>
    /// <param name="layout">Their sizes.</param>
    /// <param name="columns">Their names.</param>
    /// <param name="find">The columns wanted of the transformer's output, and where they go in a row.</param>
    /// <param name="width">The values a row.</param>
    /// <param name="mayCompile">False leaves everything to ML.NET.</param>
    public BoundPipeline(
        ITransformer transformer, TransitionLayout layout, TransitionColumns columns, Func<DataViewSchema, IReadOnlyList<RowField>> find, int width,
        bool mayCompile = true)
    {
        (_transformer, _layout, _columns, _find, _width) = (transformer, layout, columns, find, width);
        (_input, _output, _fields) = Bind(InitialCapacity);
        _program = mayCompile ? PipelineReader.Read(transformer, _input, columns, _fields) : null;
    }

    /// <summary>Whether the pipeline's regressions are computed here rather than by ML.NET.</summary>
    public bool IsCompiled => _program is not null;

    /// <summary>What the transformer gives.</summary>
    public DataViewSchema Schema => _output.Schema;

    /// <summary>Computes the columns wanted.</summary>
    /// <param name="observation">[batch, observation], on any device.</param>
    /// <param name="action">[batch, action]</param>
    /// <returns>[batch, width], on the CPU; the caller disposes it. What no column covers is 0.</returns>
    /// <exception cref="ArgumentException">Another shape or type than float32, no rows, other numbers of rows, or a predicted value that is not
    /// finite.</exception>
    public Tensor Predict(Tensor observation, Tensor action)
    {
        TensorCheck.Matrix(observation, _layout.ObservationSize);
        TensorCheck.Matrix(action, _layout.ActionSize);
        var batch = (int)observation.size(0);
        if (batch == 0) throw new ArgumentException("There are no rows to predict; give at least one observation.", nameof(observation));
        if (action.size(0) != batch)
            throw new ArgumentException(Invariant($"There are {batch} observations, but {action.size(0)} actions; give one a row."), nameof(action));
        var capacity = _observations.Length / _layout.ObservationSize;
        if (batch > capacity)
        {
            (_input, _output, _fields) = Bind(Math.Max(batch, 2 * capacity));
            _program?.Bind(_input);
        }
        using var scope = NewDisposeScope();
        observation.cpu().contiguous().data<float>().CopyTo(_observations);
        action.cpu().contiguous().data<float>().CopyTo(_actions);
        _input.Refill(batch);
        return (Compute(batch) ?? RowReader.Read(_output, _fields, _width)).MoveToOuterDisposeScope();
    }

    private Tensor? Compute(int batch)
    {
        if (_program is null) return null;
        var values = zeros(batch, _width, float32);
        if (!_program.TryEvaluate(_observations, _actions, batch, MemoryMarshal.Cast<byte, float>(values.bytes), _width)) return null;
        RowReader.RequireFinite(values, _fields);
        return values;
    }

    private (DenseDataView Input, IDataView Output, IReadOnlyList<RowField> Fields) Bind(int capacity)
    {
        (_observations, _actions) = (new float[capacity * _layout.ObservationSize], new float[capacity * _layout.ActionSize]);
        var input = new DenseDataView.Builder()
            .AddVector(_columns.Observation, _layout.ObservationSize, _observations)
            .AddVector(_columns.Action, _layout.ActionSize, _actions)
            .Build();
        var output = _transformer.Transform(input);
        return (input, output, _find(output.Schema));
    }
}
