using MbpoML.Data;
using MbpoML.Saving;
using Microsoft.ML;

namespace MbpoML.Planning;

/// <content>How the planner is saved.</content>
public sealed partial class LatentPlanningTransformer
{
    // The graph's name of the belief before: that of the new one is the column's.
    private const string BeliefBefore = "PreviousBelief";

    /// <summary>Writes the planner as an ONNX model, for any ONNX runtime: encoder, memory, posterior, and the whole search in the latent space.</summary>
    /// <param name="path">The .onnx file; one that is there is replaced.</param>
    /// <remarks>
    /// Inputs: Observation, PreviousAction and PreviousBelief; outputs: Belief and Action, all of one dimension. What the search draws is inside, as
    /// <see cref="Transform"/> draws it: some 14 MB with the settings of the paper.
    /// </remarks>
    /// <exception cref="ObjectDisposedException">The planner was disposed.</exception>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="NotSupportedException">Model, optimizer or an option is none that the graph can hold; the message says which.</exception>
    /// <exception cref="IOException">The file cannot be written, or its folder is missing.</exception>
    public void ExportToOnnx(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        File.WriteAllBytes(path, AuthorOnnx());
    }

    /// <summary>Saves the planner as an ML.NET model with an OnnxTransformer, so that a program without this library loads it.</summary>
    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        OnnxTransformerFile.Write(
            _context.ML, AuthorOnnx(), [TransitionColumns.DefaultObservation, PreviousAction, BeliefBefore], [Belief, TransitionColumns.DefaultAction],
            NoRows(), ctx, renamed: (Belief, BeliefBefore));
    }

    private byte[] AuthorOnnx()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new LatentPlanningGraph(_policy).Author(
            (TransitionColumns.DefaultObservation, PreviousAction, BeliefBefore), (Belief, TransitionColumns.DefaultAction));
    }
}
